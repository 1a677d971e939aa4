-- Takes the next turn to ask a host, unless it is too far away. ARGV: host, milliseconds, patience.
if is_foreign() then
    return {'closed'}
end
local key = KEYS[1] .. 'turn:' .. ARGV[1]
local wait = math.max(0, redis.call('PTTL', key))
if wait <= tonumber(ARGV[3]) then
    redis.call('SET', key, '', 'PX', text(wait + ARGV[2]))
end
return {'ok', text(wait)}
