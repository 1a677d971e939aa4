-- Says that rows are missing, or generations: a journal that has them shall fill. ARGV: generation seen.
if not is_foreign() and head('generation') == ARGV[1] then
    redis.call('HSET', HEAD, 'damaged', '1')
end
return {'ok'}
