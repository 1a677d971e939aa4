-- Goes on after a restart that lost nothing. ARGV: generation there, the next one, epoch, epochs.
if is_foreign() or is_open() or head('damaged') ~= '' then
    return {'open'}
end
local run, best, till = unpack(redis.call('HMGET', ELECTION, 'life', 'best', 'until'))
if run ~= life() or head('generation') ~= ARGV[1] or tonumber(best) > tonumber(ARGV[1])
    or now() < tonumber(till) then
    return {'beaten'}
end
redis.call('XADD', LOG, ARGV[2] .. '-0', 'size', '0', 'base', ARGV[1], 'epoch', ARGV[3])
redis.call('HSET', HEAD, 'generation', ARGV[2], 'epoch', ARGV[3], 'epochs', ARGV[4], 'life', run)
if head('unfolded') == '' then
    redis.call('HSET', HEAD, 'folded', ARGV[2])
end
redis.call('DEL', ELECTION, FILLER)
return {'ok'}
