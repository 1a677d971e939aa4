-- Passes over generations that a journal has used for something else. ARGV: epoch, generation, the next one.
if is_foreign() or not is_open() or head('epoch') ~= ARGV[1] or head('generation') ~= ARGV[2] then
    return {'behind'}
end
redis.call('XADD', LOG, ARGV[3] .. '-0', 'size', '0', 'base', ARGV[2], 'epoch', ARGV[1])
redis.call('HSET', HEAD, 'generation', ARGV[3])
if head('unfolded') == '' then
    redis.call('HSET', HEAD, 'folded', ARGV[3])
end
return {'ok'}
