-- Begins the log with the rows of the newest journal. ARGV: filler, rank, base, generation, lineage, epoch,
-- epochs, where the rows are staged ("" where there are none), how many.
if is_foreign() or is_open() then
    return {'open'}
end
local run, best, till = unpack(redis.call('HMGET', ELECTION, 'life', 'best', 'until'))
if run ~= life() or tonumber(best) > tonumber(ARGV[2]) or now() < tonumber(till) then
    return {'beaten'}
end
if ARGV[8] ~= '' and redis.call('GET', FILLER) ~= ARGV[1] then
    return {'beaten'}
end
if ARGV[8] ~= '' and staged(ARGV[8]) ~= tonumber(ARGV[9]) then
    return {'lost'}
end
redis.call('HSET', ELECTION, 'best', best) -- refused here where memory is short
if ARGV[8] ~= '' then
    adopt(ARGV[8])
end
redis.call('UNLINK', KEYS[1] .. 'parts:' .. head('parts'))
redis.call('DEL', HEAD, LOG)
redis.call('HSET', HEAD, 'schema', '1', 'lineage', ARGV[5], 'epoch', ARGV[6], 'epochs', ARGV[7], 'life', run,
    'generation', ARGV[4], 'folded', ARGV[4], 'rows', ARGV[8], 'count', ARGV[9])
if ARGV[4] ~= '0' then
    redis.call('XADD', LOG, ARGV[4] .. '-0', 'size', '0', 'base', ARGV[3], 'epoch', ARGV[6])
end
redis.call('DEL', ELECTION, FILLER)
return {'ok'}
