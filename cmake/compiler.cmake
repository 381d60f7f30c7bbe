# Language, warnings, sanitizers and hardening, the same for every target of ours.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# Debug here always runs under a sanitizer or gcov. clang's least optimisation (-O1) takes twice as long to compile
# as none, which the tests do not win back; GCC's -Og costs little.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(CMAKE_CXX_FLAGS_DEBUG "-Og -g1")
else()
  set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
endif()
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
                    -Wold-style-cast -Woverloaded-virtual
                    # A designated initializer that leaves fields at their defaults is what they are for.
                    -Wno-missing-field-initializers -fno-omit-frame-pointer)
# What an assertion names is the file as the repository has it, wherever it was built; so is what is built the same bytes
# anywhere (scripts/reproducible).
add_compile_options(-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
# GCC 12 reports these two from inside std::variant and std::string under sanitizers, where nothing is wrong.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict)
endif()
if(CROSSPOINT_WARNINGS_AS_ERRORS)
  add_compile_options(-Werror)
endif()

if(CROSSPOINT_SANITIZE)
  add_compile_options(-fsanitize=${CROSSPOINT_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CROSSPOINT_SANITIZE} -fno-sanitize-recover=all)
  # UBSan looks at an object's vptr through a pipe that it opens for the purpose: a process that has run out of
  # descriptors, as tests of row D2 make it, would be told that its objects are broken.
  if(CROSSPOINT_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize=vptr)
  endif()
else()
  add_compile_options(-fstack-protector-strong -fcf-protection=full)
  add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_compile_definitions(_FORTIFY_SOURCE=3)
  endif()
endif()
# A program under sanitizers is large, and there are a hundred of them.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  find_program(CROSSPOINT_LLD NAMES ld.lld-19 ld.lld)
  if(CROSSPOINT_LLD)
    add_link_options(--ld-path=${CROSSPOINT_LLD})
  endif()
endif()
if(CROSSPOINT_COVERAGE)
  add_compile_options(--coverage -O0)
  add_link_options(--coverage)
endif()

include(CheckIPOSupported)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  check_ipo_supported(RESULT CROSSPOINT_LINK_TIME_OPTIMIZATION LANGUAGES CXX)
endif()

# Each object is compiled through compile_cost, which notes what it cost, and through ccache where there is one.
set(compile_cost ${PROJECT_BINARY_DIR}/compile_cost)
if(NOT EXISTS ${compile_cost} OR ${PROJECT_SOURCE_DIR}/cmake/compile_cost.c IS_NEWER_THAN ${compile_cost})
  try_compile(compile_cost_built SOURCES ${PROJECT_SOURCE_DIR}/cmake/compile_cost.c
              OUTPUT_VARIABLE compile_cost_says COPY_FILE ${compile_cost})
  if(NOT compile_cost_built)
    message(WARNING "compile_cost cannot be built, so nothing is measured:\n${compile_cost_says}")
  endif()
endif()
find_program(CCACHE ccache)
set(CMAKE_CXX_COMPILER_LAUNCHER)
if(EXISTS ${compile_cost})
  list(APPEND CMAKE_CXX_COMPILER_LAUNCHER ${compile_cost})
endif()
if(CCACHE AND NOT DEFINED ENV{CROSSPOINT_NO_CCACHE})
  list(APPEND CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
