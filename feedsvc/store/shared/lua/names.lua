-- Returns the fields of a hash, each with the length of its value. ARGV: key, most bytes of a field's name.
local found = {'ok'}
for _, name in ipairs(redis.call('HKEYS', KEYS[1] .. ARGV[1])) do
    if #name > tonumber(ARGV[2]) then
        return {'long', ARGV[1]}
    end
    found[#found + 1] = name
    found[#found + 1] = redis.call('HSTRLEN', KEYS[1] .. ARGV[1], name)
end
return found
