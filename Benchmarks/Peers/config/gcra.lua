-- GCRA for one tenant: KEYS[1] holds the moment at which the tenant has caught up, in microseconds.
-- ARGV: microseconds per request; how many microseconds a tenant may be ahead.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local caught_up = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + ARGV[1]
local wait = caught_up - ARGV[2] - now
if wait > 0 then
    return { 0, wait }
end
-- A number of 16 digits: tostring() would round it to 14.
redis.call('SET', KEYS[1], string.format('%.0f', caught_up), 'PX', math.ceil((caught_up - now) / 1000))
return { 1, -wait }
