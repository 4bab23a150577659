#ifndef HEADGATE_ALLOCATION_COUNTER_H
#define HEADGATE_ALLOCATION_COUNTER_H

/// How often the program has asked for memory since it started.
unsigned long headgate_allocation_count(void);

#endif
