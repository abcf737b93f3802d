-- One thumb a request, each with an id of its own. Arguments: the key.
local counter, mark, key = 0, 0, ""

function setup(thread)
   thread:set("number", math.random(0, 0xffff))
end

function init(args)
   key, mark = args[1], os.time() % 0xffffffff
   wrk.headers["Authorization"] = "Bearer " .. key
   wrk.headers["Content-Type"] = "application/json"
end

function request()
   counter = counter + 1
   local id = string.format("%08x-%04x-4000-8000-%012x", mark, number, counter)
   return wrk.format("POST", nil, nil,
      '{"sent_at":"2026-01-15T10:00:00.100Z","events":[{"id":"' .. id .. '","kind":"thumb","target":"msg_' .. counter ..
      '","actor":"u_12","session":"s_1","occurred_at":"2026-01-15T10:00:00.000Z","seq":' .. counter ..
      ',"body":{"value":"down"},"meta":{"page":"/help"},"source":{"sdk":"sayso-python/0.1.0"}}]}')
end

function done(summary, latency)
   print("RESULT " .. summary.requests .. " " .. summary.duration .. " " .. summary.errors.status .. " " ..
      (summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout) .. " " ..
      latency:percentile(99))
end
