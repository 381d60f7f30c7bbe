# libcrosspoint_client.a: include/crosspoint/client.h and wamp_client.h with everything they stand on in one archive,
# for programs that are not this one.
#
#   cmake --install build/release --component client --prefix /usr/local
#
#   find_package(crosspoint_client REQUIRED)
#   target_link_libraries(mine PRIVATE crosspoint::client)
include(CMakePackageConfigHelpers)

set(library_rooms base crypto data fanout net http http_io websocket websocket_io client client_io wamp wamp_proof wamp_client
    wamp_client_io)
set(wamp_client_parts program_plan.cpp public_client.cpp public_invocation.cpp public_requests.cpp public_testaments.cpp public_told.cpp)
list(TRANSFORM wamp_client_parts PREPEND ${PROJECT_SOURCE_DIR}/src/wamp/client/io/)
# The objects of hot rooms wait for the linker of one version of one compiler (cmake/rooms.cmake). They are linked with each other
# here, so that the archive holds what every linker reads.
set(library_objects)
set(waiting_objects)
foreach(room IN LISTS library_rooms)
  get_target_property(waits crosspoint_${room} INTERPROCEDURAL_OPTIMIZATION_RELEASE)
  if(waits)
    list(APPEND waiting_objects $<TARGET_OBJECTS:crosspoint_${room}>)
  else()
    list(APPEND library_objects $<TARGET_OBJECTS:crosspoint_${room}>)
  endif()
endforeach()
if(waiting_objects)
  set(hot_rooms ${CMAKE_CURRENT_BINARY_DIR}/hot_rooms.o)
  # GCC 12 takes a sum of strings for one that reads beyond a std::string's own 16 bytes. In one piece: parted for several
  # processors, some states of these rooms end its linker (add_symbol_to_partition_1).
  add_custom_command(OUTPUT ${hot_rooms} DEPENDS ${waiting_objects} COMMAND_EXPAND_LISTS VERBATIM
    COMMAND ${CMAKE_CXX_COMPILER} -O2 -fPIC -flto -flto-partition=none -Wno-stringop-overread -r -flinker-output=nolto-rel -o ${hot_rooms} ${waiting_objects})
  set_source_files_properties(${hot_rooms} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  list(APPEND library_objects ${hot_rooms})
endif()
add_library(crosspoint_client_library STATIC io/client_library.cpp ${wamp_client_parts} ${library_objects})
set_target_properties(crosspoint_client_library PROPERTIES
  OUTPUT_NAME crosspoint_client EXPORT_NAME client ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
if(CROSSPOINT_UNITY)
  set_target_properties(crosspoint_client_library PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${CROSSPOINT_UNITY})
endif()
target_include_directories(crosspoint_client_library
  PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>
  PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(crosspoint_client_library
  PRIVATE spdlog::spdlog fmt::fmt OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB Threads::Threads sodium)

set(library_headers client.h wamp_arguments.h wamp_client.h wamp_messages.h wamp_options.h wamp_pending.h wamp_value.h)
list(TRANSFORM library_headers PREPEND ${PROJECT_SOURCE_DIR}/include/crosspoint/)
install(FILES ${library_headers}
        DESTINATION include/crosspoint COMPONENT client)
install(TARGETS crosspoint_client_library EXPORT crosspoint_client ARCHIVE DESTINATION lib COMPONENT client)
install(EXPORT crosspoint_client NAMESPACE crosspoint:: FILE crosspoint_client-targets.cmake
        DESTINATION lib/cmake/crosspoint_client COMPONENT client)
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/crosspoint_client-config.cmake
"include(CMakeFindDependencyMacro)
find_dependency(spdlog)
find_dependency(fmt)
find_dependency(OpenSSL)
find_dependency(ZLIB)
find_dependency(Threads)
include(\${CMAKE_CURRENT_LIST_DIR}/crosspoint_client-targets.cmake)
")
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/crosspoint_client-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/crosspoint_client-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/crosspoint_client-config-version.cmake
        DESTINATION lib/cmake/crosspoint_client COMPONENT client)
