-- Stands before every script. All keys of a site begin with KEYS[1]; a reply begins with a word that says
-- how it went. Whatever may be refused is tried before the first write, as a script undoes nothing.

local HEAD, LOG, TOKENS = KEYS[1] .. 'head', KEYS[1] .. 'log', KEYS[1] .. 'tokens'
local ELECTION, FILLER = KEYS[1] .. 'election', KEYS[1] .. 'filler'

-- The server's life: another one after every restart and fail-over, when the newest commits may be gone.
local function life()
    return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
end

local function now()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function text(number)
    return string.format('%.0f', number)
end

local function head(field)
    return redis.call('HGET', HEAD, field) or ''
end

-- Commits and claims wait until it is sure which journal is the newest.
local function is_open()
    return head('schema') == '1' and head('life') == life() and head('damaged') == ''
end

local function is_foreign()
    return head('schema') ~= '' and head('schema') ~= '1'
end

local function require_kind(key, wanted)
    local found = redis.call('TYPE', key).ok
    if found ~= 'none' and found ~= wanted then
        error({err = 'WRONGTYPE ' .. key .. ' is a ' .. found})
    end
end

local function buckets(rows)
    local keys = {}
    for number = 0, 255 do
        keys[#keys + 1] = KEYS[1] .. 'rows:' .. rows .. ':' .. string.format('%02x', number)
    end
    return keys
end

-- Sets or (where a value is empty) deletes rows given as bucket, name, value; returns how many more there are.
local function set_rows(rows, first)
    local more = 0
    for at = first, #ARGV, 3 do
        local key = KEYS[1] .. 'rows:' .. rows .. ':' .. ARGV[at]
        if ARGV[at + 2] == '' then
            more = more - redis.call('HDEL', key, ARGV[at + 1])
        else
            more = more + redis.call('HSET', key, ARGV[at + 1], ARGV[at + 2])
        end
    end
    return more
end

-- Makes rows that were staged outside of any script the ones that count.
local function adopt(rows)
    local old = head('rows')
    for _, key in ipairs(buckets(rows)) do
        redis.call('PERSIST', key)
    end
    if old ~= '' then
        redis.call('UNLINK', unpack(buckets(old)))
    end
end

local function staged(rows)
    local count = 0
    for _, key in ipairs(buckets(rows)) do
        count = count + redis.call('HLEN', key)
    end
    return count
end
