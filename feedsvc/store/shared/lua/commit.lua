-- Acknowledges a generation. ARGV: epoch, base, generation, bytes, most entries and most bytes of the log,
-- how many claims, a source and a token each; then one of
--   rows   the entry's rows, and for the buckets: bucket, name, value each
--   parts  where they are staged, how many; `fold` puts them into the buckets afterwards
--   whole  where all rows are staged, how many
local epoch, base, generation, size = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local at = 8 + 2 * ARGV[7]
local form, first, second = ARGV[at], ARGV[at + 1], ARGV[at + 2]

if is_foreign() or not is_open() then
    return {'closed'}
end
if head('epoch') ~= epoch or head('generation') ~= base then
    return {'behind', head('generation')}
end
if head('unfolded') ~= '' then
    return {'unfolded'}
end
for claim = 8, at - 1, 2 do
    local token, owner = string.match(redis.call('HGET', TOKENS, ARGV[claim]) or '', '^(%d+) (.*)$')
    if token ~= ARGV[claim + 1] or owner == '' then
        return {'stale', ARGV[claim]}
    end
end
local whole, rows = form == 'whole', head('rows')
if whole and staged(first) ~= tonumber(second) then
    return {'lost'}
end
if form == 'parts' and redis.call('HLEN', KEYS[1] .. 'parts:' .. first) ~= tonumber(second) then
    return {'lost'}
end
if form == 'rows' then
    for row = at + 2, #ARGV, 3 do
        require_kind(KEYS[1] .. 'rows:' .. rows .. ':' .. ARGV[row], 'hash')
    end
end

local entry = {'size', size, 'base', base, 'epoch', epoch, form, first}
if form == 'parts' then
    entry[#entry + 1], entry[#entry + 2] = 'count', second
end
redis.call('XADD', LOG, generation .. '-0', unpack(entry))
local changes = {'generation', generation}
local function change(field, value)
    changes[#changes + 1], changes[#changes + 2] = field, value
end
if whole then
    adopt(first)
    change('rows', first)
    change('count', second)
    change('folded', generation)
elseif form == 'parts' then
    redis.call('PERSIST', KEYS[1] .. 'parts:' .. first)
    change('unfolded', generation)
    change('parts', first)
    change('pieces', second)
    change('part', '0')
else
    change('count', text((tonumber(head('count')) or 0) + set_rows(rows, at + 2)))
    change('folded', generation)
end
local logged = (tonumber(head('logged')) or 0) + size
local length = redis.call('XLEN', LOG)
while length > 1 and (length > tonumber(ARGV[5]) or logged > tonumber(ARGV[6])) do
    local oldest = redis.call('XRANGE', LOG, '-', '+', 'COUNT', 1)[1]
    logged = logged - (tonumber(oldest[2][2]) or 0)
    if oldest[2][7] == 'parts' then
        redis.call('UNLINK', KEYS[1] .. 'parts:' .. oldest[2][8])
    end
    length = length - redis.call('XDEL', LOG, oldest[1])
end
change('logged', text(logged))
redis.call('HSET', HEAD, unpack(changes))
return {'ok'}
