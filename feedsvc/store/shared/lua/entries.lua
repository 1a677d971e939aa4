-- Returns entries of the log. ARGV: generation after which, bytes after which to stop, most bytes of one entry.
local found, total, last = {'ok'}, 0, ARGV[1] .. '-0'
while total < tonumber(ARGV[2]) do
    local entry = redis.call('XRANGE', LOG, '(' .. last, '+', 'COUNT', 1)[1]
    if not entry then
        break
    end
    local size = 0
    for _, value in ipairs(entry[2]) do
        size = size + #value
    end
    if size > tonumber(ARGV[3]) then
        return {'long', entry[1]}
    end
    found[#found + 1], last, total = entry, entry[1], total + size
end
return found
