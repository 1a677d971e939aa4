-- Says how new a journal is, while it is to be found out which is the newest. ARGV: rank, milliseconds in
-- which to bid, milliseconds after that in which the best bidder must begin.
if is_foreign() or is_open() then
    return {'open'}
end
local rank, present = tonumber(ARGV[1]), now()
local run, best, till = unpack(redis.call('HMGET', ELECTION, 'life', 'best', 'until'))
local over = till and present > tonumber(till) + tonumber(ARGV[3]) and redis.call('EXISTS', FILLER) == 0
if run ~= life() or over then
    best, till = tonumber(head('generation')) or 0, text(present + ARGV[2])
    redis.call('HSET', ELECTION, 'life', life(), 'best', text(math.max(best, rank)), 'until', till)
elseif rank > tonumber(best) then
    redis.call('HSET', ELECTION, 'best', text(rank))
end
best = redis.call('HGET', ELECTION, 'best')
return {'election', math.max(0, tonumber(till) - present), best}
