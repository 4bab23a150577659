-- For wrk: one of many requests in turn, made beforehand, so that wrk's core is spent on sending.
-- The file named by REQUESTS holds requests of REQUEST_LENGTH bytes each.
local requests, position = {}, 0

function init()
    local file = assert(io.open(os.getenv('REQUESTS'), 'rb'))
    local length = tonumber(os.getenv('REQUEST_LENGTH'))
    repeat
        local bytes = file:read(length)
        requests[#requests + 1] = bytes
    until bytes == nil
    file:close()
end

function request()
    position = position % #requests + 1
    return requests[position]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\n{"requests": %d, "seconds": %f, "broken": %d, "refused": %d, "p50": %f, "p99": %f}\n',
        summary.requests, summary.duration / 1e6, errors.connect + errors.read + errors.write + errors.timeout,
        errors.status, latency:percentile(50), latency:percentile(99)))
end
