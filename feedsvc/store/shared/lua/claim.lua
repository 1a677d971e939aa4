-- Gives a source to an owner for a while. ARGV: source, owner, milliseconds.
if is_foreign() or not is_open() then
    return {'closed'}
end
local key = KEYS[1] .. 'claim:' .. ARGV[1]
local holder = redis.call('GET', key)
if holder and holder ~= ARGV[2] then
    return {'held'}
end
local token, owner = string.match(redis.call('HGET', TOKENS, ARGV[1]) or '', '^(%d+) (.*)$')
if owner ~= ARGV[2] then
    -- Above all tokens there were, also where a server that lost its memory lost the last one.
    token = text(math.max((tonumber(token) or 0) + 1, now()))
    redis.call('HSET', TOKENS, ARGV[1], token .. ' ' .. ARGV[2])
end
if holder then
    redis.call('PEXPIRE', key, ARGV[3])
else
    redis.call('SET', key, ARGV[2], 'NX', 'PX', ARGV[3])
end
return {'ok', token}
