/* What did it cost to compile this?
 *
 *     compile_cost COMPILER ARGUMENTS... -o OBJECT ...
 *
 * Runs the compiler and leaves OBJECT.cost beside the object: one line, "SECONDS KIBIBYTES", the processor
 * time (user and system, children included) and the largest resident size. Where ccache answered instead of
 * the compiler the line is "cached". The test build.TheSlowestAndLargestTranslationUnit reads them.
 *
 * clang writes paths into a precompiled header, so each build tree makes its own, without ccache, and
 * OBJECT.sum beside it says what went into it, whatever the paths. ccache takes that for the header's
 * contents (CCACHE_PCH_EXTSUM), and trees in different places still answer for each other.
 *
 * A program and not a script, because it runs once for each object; built when CMake configures. Whatever
 * fails here must not fail the build: only the compiler's own exit status counts. */
#define _GNU_SOURCE
#include <stdint.h>
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

/* FNV-1a: not against an adversary, only against yesterday's header. */
static uint64_t mixed(uint64_t sum, const char* bytes, size_t size) {
  size_t i;
  for (i = 0; i < size; ++i) sum = (sum ^ (unsigned char)bytes[i]) * 1099511628211u;
  return sum;
}

static uint64_t mixed_file(uint64_t sum, const char* path) {
  char bytes[65536];
  size_t size;
  FILE* file = fopen(path, "r");
  if (!file) return mixed(sum, "missing", 7);
  while ((size = fread(bytes, 1, sizeof bytes, file)) > 0) sum = mixed(sum, bytes, size);
  fclose(file);
  return sum;
}

/* The options but for paths, and every file that the compiler read. (The compiler itself ccache knows.) */
static void write_sum(const char* object, const char* dependencies, int count, char** words) {
  char path[4096];
  uint64_t sum = 14695981039346656037u;
  FILE* file = dependencies ? fopen(dependencies, "r") : NULL;
  int i;
  if (!file) return;
  for (i = 2; i < count; ++i) {
    if (!strchr(words[i], '/')) sum = mixed(sum, words[i], strlen(words[i]) + 1);
  }
  while (fscanf(file, "%4095s", path) == 1) {
    if (path[0] == '/') sum = mixed_file(sum, path);
  }
  fclose(file);
  if (snprintf(path, sizeof path, "%s.sum", object) >= (int)sizeof path) return;
  file = fopen(path, "w");
  if (!file) return;
  fprintf(file, "%016llx\n", (unsigned long long)sum);
  fclose(file);
}

static int ends_with(const char* text, const char* end) {
  size_t size = strlen(text);
  return size >= strlen(end) && strcmp(text + size - strlen(end), end) == 0;
}

int main(int count, char** words) {
  const char* object = NULL;
  const char* dependencies = NULL;
  int header;
  char log[4096] = "";
  char here[4096];
  struct rusage used;
  int status = 0;
  int i;
  pid_t child;

  if (count < 2) return 2;
  for (i = 2; i + 1 < count; ++i) {
    if (strcmp(words[i], "-o") == 0) object = words[i + 1];
    if (strcmp(words[i], "-MF") == 0) dependencies = words[i + 1];
  }
  /* ccache takes what follows -Xclang, and so precompiled headers, as it is: no path of this tree. */
  if (getcwd(here, sizeof here)) {
    size_t size = strlen(here);
    for (i = 2; i < count; ++i) {
      if (strncmp(words[i], here, size) == 0 && words[i][size] == '/') words[i] += size + 1;
    }
  }
  header = object && (ends_with(object, ".pch") || ends_with(object, ".gch"));
  if (header) setenv("CCACHE_DISABLE", "1", 1);
  setenv("CCACHE_PCH_EXTSUM", "1", 0);
  setenv("CCACHE_SLOPPINESS", "pch_defines,time_macros", 0); /* ccache wants it for precompiled headers */
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
  if (object && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    write_cost(object, log, &used);
    if (header) write_sum(object, dependencies, count, words);
  }
  if (*log) unlink(log);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
