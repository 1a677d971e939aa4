-- Returns fields of a hash, unless they are more than was said. ARGV: key, most bytes, fields.
local total = 0
for at = 3, #ARGV do
    total = total + redis.call('HSTRLEN', KEYS[1] .. ARGV[1], ARGV[at])
end
if total > tonumber(ARGV[2]) then
    return {'long', ARGV[1]}
end
return {'ok', redis.call('HMGET', KEYS[1] .. ARGV[1], unpack(ARGV, 3))}
