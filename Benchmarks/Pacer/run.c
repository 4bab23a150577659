// Sends requests at the moments of a fixed schedule, whether answers come or not, and measures from those moments.
//
// A client that waits for an answer before it asks again does not see the requests that a slow server would have kept
// waiting: its percentiles are those of a server that was asked less often. Here request number n is due at n / rate;
// if no connection is free then, it waits, and the wait counts (Gil Tene, "How not to measure latency", 2013).
//
// One thread, one core: it spins on the clock, because a timer is late by more than an answer takes.

#include "schedule.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { answer_bytes_max = 16384, events_max = 256 };

struct connection {
    int socket;
    int64_t due; // of the request that is under way; -1: free
    size_t received;
    char answer[answer_bytes_max];
};

struct run {
    const struct plan *plan;
    const struct requests *requests;
    struct outcome *outcome;
    struct connection *connections;
    int *free;
    int free_count;
    int poll;
    uint64_t sent;
    size_t capacity;
    int64_t measured_from;
};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int open_connection(struct connection *connection, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int yes = 1;
    connection->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (connection->socket < 0 || connect(connection->socket, (struct sockaddr *)&address, sizeof address) < 0) {
        return errno;
    }
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(connection->socket, F_SETFL, O_NONBLOCK);
    connection->due = -1;
    connection->received = 0;
    return 0;
}

static int open_connections(struct run *run) {
    int count = run->plan->connections;
    run->connections = calloc((size_t)count, sizeof *run->connections);
    run->free = calloc((size_t)count, sizeof *run->free);
    run->poll = epoll_create1(0);
    if (run->connections == NULL || run->free == NULL || run->poll < 0) {
        return errno;
    }
    for (int index = 0; index < count; index += 1) {
        int failure = open_connection(&run->connections[index], run->plan->port);
        if (failure != 0) {
            return failure;
        }
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)index};
        epoll_ctl(run->poll, EPOLL_CTL_ADD, run->connections[index].socket, &event);
        run->free[run->free_count++] = index;
    }
    return 0;
}

// A connection that ended is not replaced: the run has failed, and says so.
static void give_up(struct run *run, struct connection *connection) {
    run->outcome->broken += 1;
    epoll_ctl(run->poll, EPOLL_CTL_DEL, connection->socket, NULL);
    close(connection->socket);
    connection->socket = -1;
}

static void send_request(struct run *run, int index, int64_t due) {
    struct connection *connection = &run->connections[index];
    const struct requests *requests = run->requests;
    const char *bytes = requests->bytes + (run->sent % requests->count) * requests->length;
    run->sent += 1;
    connection->due = due;
    // A free connection has room for one small request; less than all of it is a failure like any other.
    if (write(connection->socket, bytes, requests->length) != (ssize_t)requests->length) {
        give_up(run, connection);
    }
}

// The length of the answer at the beginning of the bytes; 0: it is not complete. Sets the status.
static size_t complete_answer(const char *bytes, size_t count, int *status) {
    const char *end = memmem(bytes, count, "\r\n\r\n", 4);
    if (end == NULL) {
        return 0;
    }
    size_t head = (size_t)(end - bytes) + 4;
    size_t body = 0;
    for (const char *line = bytes; line < end;) {
        const char *next = memmem(line, (size_t)(end - line) + 2, "\r\n", 2);
        if (strncasecmp(line, "content-length:", 15) == 0) {
            body = (size_t)strtoul(line + 15, NULL, 10);
        }
        line = next + 2;
    }
    *status = atoi(bytes + 9);
    return count >= head + body ? head + body : 0;
}

static void note_answer(struct run *run, struct connection *connection, int status) {
    int64_t time = now();
    struct outcome *outcome = run->outcome;
    if (status != run->plan->expected_status) {
        outcome->unexpected += 1;
    }
    if (connection->due < run->measured_from || outcome->answers == run->capacity) {
        return;
    }
    int64_t latency = (time - connection->due) / 100;
    outcome->microtenths[outcome->answers++] = latency > UINT32_MAX ? UINT32_MAX : (uint32_t)latency;
}

static void receive(struct run *run, int index) {
    struct connection *connection = &run->connections[index];
    if (connection->socket < 0) {
        return;
    }
    // One byte stays for the end of the text that `atoi` and `strtoul` read.
    size_t room = answer_bytes_max - 1 - connection->received;
    ssize_t count = read(connection->socket, connection->answer + connection->received, room);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (count <= 0) {
        give_up(run, connection);
        return;
    }
    connection->received += (size_t)count;
    connection->answer[connection->received] = 0;
    int status = 0;
    if (complete_answer(connection->answer, connection->received, &status) == 0) {
        return;
    }
    note_answer(run, connection, status);
    connection->received = 0;
    connection->due = -1;
    run->free[run->free_count++] = index;
}

// Sends what is due. Without a rate everything is due as soon as a connection is free.
static void send_due(struct run *run, int64_t start, int64_t time, int64_t end) {
    while (run->free_count > 0) {
        int64_t due = run->plan->rate > 0 ? start + (int64_t)((double)run->sent * 1e9 / run->plan->rate) : time;
        if (due > time || due >= end) {
            return;
        }
        run->free_count -= 1;
        send_request(run, run->free[run->free_count], due);
    }
}

static void loop(struct run *run) {
    struct epoll_event events[events_max];
    int64_t start = now();
    run->measured_from = start + (int64_t)(run->plan->warm_up * 1e9);
    int64_t end = run->measured_from + (int64_t)(run->plan->seconds * 1e9);
    int64_t patience = end + 2000000000;
    for (int64_t time = start; time < patience; time = now()) {
        send_due(run, start, time, end);
        int waiting = run->plan->connections - run->free_count - (int)run->outcome->broken;
        if (waiting <= 0 && (time >= end || run->free_count == 0)) {
            break;
        }
        // Without a rate there is nothing to be on time for.
        int count = epoll_wait(run->poll, events, events_max, run->plan->rate > 0 ? 0 : 10);
        for (int index = 0; index < count; index += 1) {
            receive(run, (int)events[index].data.u32);
        }
    }
    uint64_t due = run->plan->rate > 0 ? (uint64_t)((double)(end - start) / 1e9 * run->plan->rate) : run->sent;
    uint64_t under_way = 0;
    for (int index = 0; index < run->plan->connections; index += 1) {
        under_way += run->connections[index].due >= 0;
    }
    run->outcome->unanswered = under_way + (due > run->sent ? due - run->sent : 0);
}

int run_plan(const struct plan *plan, const struct requests *requests, struct outcome *outcome) {
    struct run run = {.plan = plan, .requests = requests, .outcome = outcome};
    double rate = plan->rate > 0 ? plan->rate : 1000000; // nobody answers more than that to one core
    run.capacity = (size_t)(rate * plan->seconds) + 1024;
    outcome->microtenths = calloc(run.capacity, sizeof *outcome->microtenths);
    if (outcome->microtenths == NULL) {
        return errno;
    }
    int failure = open_connections(&run);
    if (failure == 0) {
        loop(&run);
    }
    return failure;
}
