-- Asks Headgate about a request and carries the decision out; see haproxy.cfg.

local headgate = { url = "http://headgate/v1/authorize", dst = "unix@headgate.sock" }

-- What Headgate needs of the client's fields. Of a field that stands there twice, the first is judged, and the
-- application gets the one that was judged.
local asked = { "authorization", "x-api-key", "idempotency-key", "headgate-class", "user-agent" }

-- What the client learns of an admitted request.
local told = { "headgate-decision", "headgate-reason", "headgate-policy", "ratelimit", "ratelimit-policy" }

-- What the application learns; nothing of it may come from the client.
local verified = {
    "headgate-decision", "headgate-tenant", "headgate-principal", "headgate-operation", "headgate-class",
    "headgate-tier",
}

local closed = '{"type":"https://iana.org/assignments/http-problem-types#temporary-reduced-capacity","status":503,'
    .. '"title":"The limiter cannot be reached","reason":"fail_closed"}'

local function variable(name)
    return "txn." .. name:gsub("-", "_")
end

local function refuse(txn, status, fields, body)
    local reply = txn:reply { status = status, body = body }
    for name, values in pairs(fields) do
        for _, value in pairs(values) do reply:add_header(name, value) end
    end
    txn:done(reply)
end

local function admit(txn, fields)
    for _, name in ipairs(verified) do
        if fields[name] then
            txn.http:req_set_header(name, fields[name][0])
        else
            txn.http:req_del_header(name)
        end
    end
    for _, name in ipairs(told) do
        if fields[name] then txn:set_var(variable(name), fields[name][0]) end
    end
end

core.register_action("headgate", { "http-req" }, function(txn)
    local sent = txn.http:req_get_headers()
    local fields = {
        -- As they came: `pathq` is the path with its query, not decoded and not normalised.
        ["x-original-method"] = { txn.f:method() },
        ["x-original-uri"] = { txn.f:pathq() },
        ["x-forwarded-for"] = { txn.f:src() },
    }
    for _, name in ipairs(asked) do
        if sent[name] then
            fields[name] = { sent[name][0] }
            txn.http:req_set_header(name, sent[name][0])
        end
    end
    local answer = core.httpclient():get { url = headgate.url, dst = headgate.dst, headers = fields }
    local silent = answer.status == nil or answer.status == 0
        or (answer.status == 503 or answer.status == 504) and answer.headers["headgate-reason"] == nil
    if answer.status == 200 then
        admit(txn, answer.headers)
    elseif not silent then
        refuse(txn, answer.status, answer.headers, answer.body)
    elseif txn:get_var("txn.when_headgate_is_down") == "open" then
        admit(txn, { ["headgate-reason"] = { [0] = "fail_open" } })
    else
        refuse(txn, 503, {
            ["content-type"] = { "application/problem+json" },
            ["headgate-reason"] = { "fail_closed" },
            ["retry-after"] = { "5" },
        }, closed)
    end
end)
