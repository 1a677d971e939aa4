-- Lets one filler at a time stage its rows. ARGV: filler, milliseconds.
local holder = redis.call('GET', FILLER)
if is_foreign() or (holder and holder ~= ARGV[1]) then
    return {'held'}
end
redis.call('SET', FILLER, ARGV[1], 'PX', ARGV[2])
return {'ok'}
