/* Runs a command with its output thrown away, and prints: nanoseconds, peak memory in KiB, status.
   A small program of its own, since a child of Python would be counted with Python's memory. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **arguments) {
  if (count < 2) return 64;
  long long begin = now();
  pid_t child = fork();
  if (child < 0) return 70;
  if (child == 0) {
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(null, 1);
    dup2(null, 2);
    execvp(arguments[1], arguments + 1);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) < 0) return 70;
  long long end = now();
#ifdef __APPLE__
  usage.ru_maxrss /= 1024; /* bytes there */
#endif
  printf("%lld %ld %d\n", end - begin, usage.ru_maxrss,
         WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return 0;
}
