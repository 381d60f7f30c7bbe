# A room is one folder of src/ (or its io/ part) built as one library. USES names the rooms it may
# include, and is the only place that says so: the floors test holds every #include against it.
#
#   crosspoint_room(relay SOURCES topic.cpp USES base fanout LIBRARIES OpenSSL::Crypto)
#   crosspoint_test(relay SOURCES topic_test.cpp USES testing)
#
# TESTS of a room become one GoogleTest program, build/<preset>/tests/<room>_test, which ./test runs as it is, and one ctest
# entry per test for whoever looks at one. THREADS marks a program in which real threads meet: those alone are
# built and run under ThreadSanitizer (target threads_tests, label threads). Where sources are compiled several at a time,
# those of APART are another company: their helpers have names that others have too.
# HOT rooms are what every byte on its way through goes through, many small functions that call each other across rooms: in
# Release they are optimised together, when the program is linked (docs/performance.md has what that is worth).
function(crosspoint_room name)
  cmake_parse_arguments(arg "HOT" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  list(TRANSFORM arg_USES PREPEND crosspoint_ OUTPUT_VARIABLE uses)
  if(arg_SOURCES)
    add_library(crosspoint_${name} STATIC ${arg_SOURCES})
    target_include_directories(crosspoint_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(crosspoint_${name} PUBLIC ${uses} PRIVATE ${arg_LIBRARIES})
    if(CROSSPOINT_UNITY)
      set_target_properties(crosspoint_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${CROSSPOINT_UNITY})
    endif()
    set(optimised_when_linked OFF)
    if(arg_HOT AND CROSSPOINT_LINK_TIME_OPTIMIZATION)
      set(optimised_when_linked ON)
      set_target_properties(crosspoint_${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION_RELEASE ON)
    endif()
    if(CROSSPOINT_FUZZ)
      target_compile_options(crosspoint_${name} PRIVATE -fsanitize=fuzzer-no-link)  # reports its coverage to libFuzzer
    endif()
    if("base" IN_LIST arg_USES AND NOT optimised_when_linked)
      crosspoint_precompiled(crosspoint_${name} room)
    endif()
  else()
    add_library(crosspoint_${name} INTERFACE)
    target_include_directories(crosspoint_${name} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(crosspoint_${name} INTERFACE ${uses} ${arg_LIBRARIES})
  endif()
  string(REPLACE ";" "," allowed "${arg_USES}")
  set_property(GLOBAL APPEND_STRING PROPERTY CROSSPOINT_FLOORS "${name}=${allowed}\n")
endfunction()

# A test is compiled more often than it is run. Of UBSan's checks the dearest three, a fifth of what compiling it costs, are for
# the rooms: a null pointer that a test follows is ASan's to find.
function(crosspoint_test_options target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O0>)
  if(CROSSPOINT_SANITIZE MATCHES "undefined")
    target_compile_options(${target} PRIVATE -fno-sanitize=null,alignment,object-size)
  endif()
endfunction()

# Groups of at most fifteen sources that are compiled as one, all of about the same size.
function(crosspoint_together name)
  list(LENGTH ARGN sources)
  math(EXPR groups "(${sources} + 14) / 15")
  set(at 0)
  foreach(source IN LISTS ARGN)
    math(EXPR group "${at} * ${groups} / ${sources}")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${name}_${group})
    math(EXPR at "${at} + 1")
  endforeach()
endfunction()

function(crosspoint_test room)
  if(NOT CROSSPOINT_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "THREADS" "" "SOURCES;APART;USES;LIBRARIES" ${ARGN})
  find_package(GTest REQUIRED)
  list(TRANSFORM arg_USES PREPEND crosspoint_ OUTPUT_VARIABLE uses)
  add_executable(${room}_test ${arg_SOURCES} ${arg_APART})
  set_target_properties(${room}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  if(CROSSPOINT_UNITY)
    set_target_properties(${room}_test PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    crosspoint_together(${room} ${arg_SOURCES})
    crosspoint_together(${room}_apart ${arg_APART})
  endif()
  if(TARGET crosspoint_${room})
    list(APPEND uses crosspoint_${room})
  endif()
  target_include_directories(${room}_test PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${room}_test PRIVATE ${uses} ${arg_LIBRARIES} GTest::gmock GTest::gtest GTest::gtest_main)
  crosspoint_test_options(${room}_test)
  crosspoint_precompiled(${room}_test test)
  set(label unit)
  if(arg_THREADS)
    set(label threads)
    set_property(GLOBAL APPEND PROPERTY CROSSPOINT_THREADS_TESTS ${room}_test)
  endif()
  set_property(GLOBAL APPEND PROPERTY CROSSPOINT_UNIT_TESTS ${room}_test)
  include(GoogleTest)
  gtest_discover_tests(${room}_test TEST_PREFIX "${room}." DISCOVERY_MODE PRE_TEST
                       PROPERTIES TIMEOUT 120 LABELS ${label})
endfunction()

# Called once, after every room is known.
function(crosspoint_check_floors)
  get_property(threads_tests GLOBAL PROPERTY CROSSPOINT_THREADS_TESTS)
  add_custom_target(threads_tests DEPENDS ${threads_tests})
  # Which programs ./test runs (scripts/gtest_programs.py), one to a line.
  get_property(unit_tests GLOBAL PROPERTY CROSSPOINT_UNIT_TESTS)
  foreach(label unit threads)
    list(TRANSFORM ${label}_tests PREPEND "${PROJECT_BINARY_DIR}/tests/")
    list(JOIN ${label}_tests "\n" lines)
    file(WRITE ${PROJECT_BINARY_DIR}/${label}_tests.txt "${lines}\n")
  endforeach()
  get_property(floors GLOBAL PROPERTY CROSSPOINT_FLOORS)
  file(WRITE ${PROJECT_BINARY_DIR}/floors.txt "${floors}")
  if(CROSSPOINT_TESTS)
    add_test(NAME floors.EveryIncludePointsDown
      COMMAND ${CMAKE_COMMAND} -D SRC=${PROJECT_SOURCE_DIR}/src -D FLOORS=${PROJECT_BINARY_DIR}/floors.txt
              -P ${PROJECT_SOURCE_DIR}/cmake/check_floors.cmake)
    add_test(NAME floors.TheCheckItselfRefusesAWrongInclude
      COMMAND ${CMAKE_COMMAND} -D CHECK=${PROJECT_SOURCE_DIR}/cmake/check_floors.cmake
              -D SCRATCH=${PROJECT_BINARY_DIR}/floors_check -P ${PROJECT_SOURCE_DIR}/cmake/check_floors_check.cmake)
  endif()
endfunction()
