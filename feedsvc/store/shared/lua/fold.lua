-- Puts one part of a large generation into the buckets. ARGV: generation, part, "last" or "", then bucket,
-- name, value each. Whoever comes second with a part is told and changes nothing.
if is_foreign() or head('unfolded') ~= ARGV[1] or head('part') ~= ARGV[2] then
    return {'behind'}
end
local rows = head('rows')
for row = 4, #ARGV, 3 do
    require_kind(KEYS[1] .. 'rows:' .. rows .. ':' .. ARGV[row], 'hash')
end
redis.call('HSET', HEAD, 'part', ARGV[2]) -- refused here where memory is short, before anything is deleted
local count = text((tonumber(head('count')) or 0) + set_rows(rows, 4))
if ARGV[3] == 'last' then
    redis.call('HSET', HEAD, 'count', count, 'unfolded', '', 'folded', head('generation'))
    redis.call('EXPIRE', KEYS[1] .. 'parts:' .. head('parts'), 600) -- for followers; later ones read it all
else
    redis.call('HSET', HEAD, 'count', count, 'part', text(ARGV[2] + 1))
end
return {'ok'}
