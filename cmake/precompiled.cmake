# Two precompiled headers, with CROSSPOINT_PRECOMPILED: what nearly every room includes, and what every test does besides.
# They hold headers of others alone: ours change every day, and who includes ours is held by the floors.
#
#   crosspoint_precompiled(TARGET room|test)
#
# Presets release and coverage build without; coverage compiles each source alone, so that one that leaves out an #include it
# needs is found there.
set(crosspoint_precompiled_room
    <algorithm> <array> <charconv> <chrono> <cstdint> <cstring> <deque> <expected> <functional> <limits> <map> <memory> <optional> <span> <string> <string_view>
    <utility> <variant> <vector> <fmt/core.h> <nlohmann/json.hpp>)
set(crosspoint_precompiled_test ${crosspoint_precompiled_room} <gmock/gmock.h> <gtest/gtest.h>)

if(CROSSPOINT_PRECOMPILED)
  find_package(fmt REQUIRED)
  if(CROSSPOINT_TESTS)
    find_package(GTest REQUIRED)
  endif()
endif()

function(crosspoint_precompiled target kind)
  if(NOT CROSSPOINT_PRECOMPILED)
    return()
  endif()
  if(NOT TARGET precompiled_${kind})
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled_${kind}.cpp CONTENT "// Brings precompiled_${kind} into being.\n")
    if(kind STREQUAL "test")
      # An executable, as the tests are: position-independent code differs between libraries and programs.
      add_executable(precompiled_test EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/precompiled_test.cpp)
      target_link_libraries(precompiled_test PRIVATE fmt::fmt GTest::gmock GTest::gtest GTest::gtest_main)
      crosspoint_test_options(precompiled_test)
    else()
      add_library(precompiled_room OBJECT ${PROJECT_BINARY_DIR}/precompiled_room.cpp)
      target_link_libraries(precompiled_room PRIVATE fmt::fmt)
      if(CROSSPOINT_FUZZ)
        target_compile_options(precompiled_room PRIVATE -fsanitize=fuzzer-no-link)  # as whoever reads it
      endif()
    endif()
    target_precompile_headers(precompiled_${kind} PRIVATE ${crosspoint_precompiled_${kind}})
    set_target_properties(precompiled_${kind} PROPERTIES PCH_INSTANTIATE_TEMPLATES ON)
  endif()
  target_precompile_headers(${target} REUSE_FROM precompiled_${kind})
endfunction()
