-- Says where the log stands. ARGV: longest value in bytes, fields of the head.
for at = 2, #ARGV do
    if redis.call('HSTRLEN', HEAD, ARGV[at]) > tonumber(ARGV[1]) then
        return {'long', ARGV[at]}
    end
end
return {'ok', life(), unpack(redis.call('HMGET', HEAD, unpack(ARGV, 2)))}
