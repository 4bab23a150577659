// pacer PORT RATE SECONDS WARM-UP CONNECTIONS STATUS LENGTH FILE
//
// FILE holds requests of LENGTH bytes each; they are sent in turn, RATE of them per second (0: as fast as answers
// come). Prints one line of JSON: answers per second and percentiles in microseconds, measured from when a request was due.

#include "schedule.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int ascending(const void *left, const void *right) {
    uint32_t one = *(const uint32_t *)left, other = *(const uint32_t *)right;
    return (one > other) - (one < other);
}

static double percentile(const struct outcome *outcome, double share) {
    if (outcome->answers == 0) {
        return 0;
    }
    uint64_t rank = (uint64_t)(share * (double)outcome->answers);
    if (rank >= outcome->answers) {
        rank = outcome->answers - 1;
    }
    return (double)outcome->microtenths[rank] / 10;
}

static int map_requests(struct requests *requests, const char *path) {
    struct stat status;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &status) < 0) {
        return -1;
    }
    requests->count = (size_t)status.st_size / requests->length;
    requests->bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    return requests->bytes == MAP_FAILED || requests->count == 0 ? -1 : 0;
}

int main(int count, char **arguments) {
    if (count != 9) {
        fprintf(stderr, "usage: pacer PORT RATE SECONDS WARM-UP CONNECTIONS STATUS LENGTH FILE\n");
        return 64;
    }
    struct plan plan = {
        .port = atoi(arguments[1]),
        .rate = atof(arguments[2]),
        .seconds = atof(arguments[3]),
        .warm_up = atof(arguments[4]),
        .connections = atoi(arguments[5]),
        .expected_status = atoi(arguments[6]),
    };
    struct requests requests = {.length = (size_t)atol(arguments[7])};
    struct outcome outcome = {0};
    if (plan.connections < 1 || requests.length < 1 || map_requests(&requests, arguments[8]) < 0) {
        fprintf(stderr, "pacer: there are no requests of that length in %s\n", arguments[8]);
        return 66;
    }
    int failure = run_plan(&plan, &requests, &outcome);
    if (failure != 0) {
        fprintf(stderr, "pacer: port %d: %s\n", plan.port, strerror(failure));
        return 69;
    }
    qsort(outcome.microtenths, outcome.answers, sizeof *outcome.microtenths, ascending);
    printf(
        "{\"answers\": %llu, \"perSecond\": %.1f, \"unexpected\": %llu, \"broken\": %llu, \"unanswered\": %llu, "
        "\"p50\": %.1f, \"p99\": %.1f, \"p999\": %.1f, \"max\": %.1f}\n",
        (unsigned long long)outcome.answers, (double)outcome.answers / plan.seconds,
        (unsigned long long)outcome.unexpected, (unsigned long long)outcome.broken,
        (unsigned long long)outcome.unanswered, percentile(&outcome, 0.5), percentile(&outcome, 0.99),
        percentile(&outcome, 0.999), percentile(&outcome, 1));
    return 0;
}
