// What a run is asked for and what it found.

#ifndef HEADGATE_PACER_SCHEDULE_H
#define HEADGATE_PACER_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

// Requests as they go over the wire, all of the same length, one behind the other.
struct requests {
    const char *bytes;
    size_t length;
    size_t count;
};

struct plan {
    int port;
    double rate; // requests per second; 0: as many as there are answers
    double seconds;
    double warm_up;
    int connections;
    int expected_status;
};

struct outcome {
    uint64_t answers;     // after the warm-up
    uint64_t unexpected;  // answers with another status, warm-up included
    uint64_t broken;      // connections that ended
    uint64_t unanswered;  // requests that were due and had no answer at the end
    uint32_t *microtenths; // the latency of each answer, in tenths of microseconds
};

// Runs a plan; returns 0, or an errno when it cannot connect.
int run_plan(const struct plan *plan, const struct requests *requests, struct outcome *outcome);

#endif
