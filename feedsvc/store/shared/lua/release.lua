-- Takes a claim back if its token is the newest. ARGV: source, token.
local token, owner = string.match(redis.call('HGET', TOKENS, ARGV[1]) or '', '^(%d+) (.*)$')
if token == ARGV[2] and not is_foreign() then
    if redis.call('GET', KEYS[1] .. 'claim:' .. ARGV[1]) == owner then
        redis.call('DEL', KEYS[1] .. 'claim:' .. ARGV[1])
    end
    redis.call('HSET', TOKENS, ARGV[1], token .. ' ')
end
return {'ok'}
