// Keeps a load generator awake: while it has nothing to do it looks again instead of going to sleep. A server that
// answers a sleeping client pays for waking its cpu up, in a virtual machine several us, and the slower the server,
// the more often its client sleeps.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sched.h>
#include <sys/epoll.h>
#include <time.h>

static long milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int epoll_wait(int epoll, struct epoll_event *events, int most, int timeout) {
  static int (*look)(int, struct epoll_event *, int, int);
  if (!look) look = dlsym(RTLD_NEXT, "epoll_wait");
  long end = timeout < 0 ? -1 : milliseconds() + timeout;
  for (;;) {
    int ready = look(epoll, events, most, 0);
    if (ready != 0 || (end >= 0 && milliseconds() >= end)) return ready;
    // Another load generator may share the cpu.
    sched_yield();
  }
}
