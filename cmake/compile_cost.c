/* What did it cost to compile this?
 *
 *     compile_cost COMPILER ARGUMENTS... -o OBJECT ...
 *
 * Runs the compiler and leaves OBJECT.cost beside the object: one line, "SECONDS KIBIBYTES", the processor
 * time (user and system, children included) and the largest resident size. Where ccache answered instead of
 * the compiler the line is "cached". The test build.TheSlowestAndLargestTranslationUnit reads them.
 *
 * A program and not a script, because it runs once for each object; built when CMake configures. Whatever
 * fails here must not fail the build: only the compiler's own exit status counts. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int answered_by_ccache(const char* log) {
  FILE* file = fopen(log, "r");
  char line[256];
  int hit = 0;
  if (!file) return 0;
  while (fgets(line, sizeof line, file)) hit |= strstr(line, "cache_hit") != NULL;
  fclose(file);
  return hit;
}

static void write_cost(const char* object, const char* log, const struct rusage* used) {
  char path[4096];
  double seconds = (double)(used->ru_utime.tv_sec + used->ru_stime.tv_sec) +
                   (double)(used->ru_utime.tv_usec + used->ru_stime.tv_usec) / 1e6;
  FILE* file;
  if (snprintf(path, sizeof path, "%s.cost", object) >= (int)sizeof path) return;
  file = fopen(path, "w");
  if (!file) return;
  if (answered_by_ccache(log))
    fputs("cached\n", file);
  else
    fprintf(file, "%.3f %ld\n", seconds, used->ru_maxrss);
  fclose(file);
}

int main(int count, char** words) {
  const char* object = NULL;
  char log[4096] = "";
  struct rusage used;
  int status = 0;
  int i;
  pid_t child;

  if (count < 2) return 2;
  for (i = 2; i + 1 < count; ++i) {
    if (strcmp(words[i], "-o") == 0) object = words[i + 1];
  }
  if (object && snprintf(log, sizeof log, "%s.ccache", object) < (int)sizeof log) {
    unlink(log);
    setenv("CCACHE_STATSLOG", log, 1); /* ccache appends how it answered; others do not look */
  }
  child = fork();
  if (child == 0) {
    execvp(words[1], words + 1);
    perror(words[1]);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &used) != child) return 127;
  if (object && WIFEXITED(status) && WEXITSTATUS(status) == 0) write_cost(object, log, &used);
  if (*log) unlink(log);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
