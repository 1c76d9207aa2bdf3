-- For wrk: counts answers, those that are errors or stale, and how many milliseconds ago the newest user of the oldest answer had
-- come.
local ffi = require("ffi")
ffi.cdef [[
    typedef struct { long seconds; long microseconds; } moment;
    int gettimeofday(moment *now, void *zone);
]]
local moment = ffi.new("moment")
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init()
    answers, errors, oldest = 0, 0, 0
end

local function milliseconds()
    ffi.C.gettimeofday(moment, nil)
    return tonumber(moment.seconds) * 1000 + tonumber(moment.microseconds) / 1000
end

function response(status, headers, body)
    answers = answers + 1
    local age, state = headers["Age"], headers["Cache-Status"]
    if status ~= 200 or (age and age ~= "0") or not state or state:find("ttl=-", 1, true) then
        errors = errors + 1
        return
    end
    local year, month, day, hour, minute, second =
        body:match('"created_at":"(%d+)%-(%d+)%-(%d+)T(%d+):(%d+):([%d.]+)%+00:00"')
    if not year then
        errors = errors + 1
        return
    end
    second = tonumber(second)
    local whole = os.time({ year = year, month = month, day = day, hour = hour, min = minute, sec = math.floor(second) })
    local age = milliseconds() - (whole + second % 1) * 1000
    if age > oldest then oldest = age end
end

function done(summary)
    local total, failures, worst = 0, 0, 0
    for _, thread in ipairs(threads) do
        total = total + thread:get("answers")
        failures = failures + thread:get("errors")
        worst = math.max(worst, thread:get("oldest"))
    end
    local broken = summary.errors
    failures = failures + broken.connect + broken.read + broken.write + broken.timeout
    io.write(string.format("fleet: %d %d %d\n", total, failures, math.ceil(worst)))
end
