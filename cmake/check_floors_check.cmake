# The floors test must be able to fail: a clean tree passes, one wrong include does not.
file(REMOVE_RECURSE ${SCRATCH})
file(WRITE ${SCRATCH}/floors.txt "base=\nrelay=base\nnet=base\n")
file(WRITE ${SCRATCH}/src/base/a.h "#include <string>\n")
file(WRITE ${SCRATCH}/src/relay/a.cpp "#include \"base/a.h\"\n")

function(expect_status wanted why)
  execute_process(COMMAND ${CMAKE_COMMAND} -D SRC=${SCRATCH}/src -D FLOORS=${SCRATCH}/floors.txt -P ${CHECK}
                  RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(wanted STREQUAL "pass" AND NOT status EQUAL 0)
    message(SEND_ERROR "${why}, yet the check failed:\n${text}")
  elseif(wanted STREQUAL "fail" AND status EQUAL 0)
    message(SEND_ERROR "${why}, yet the check passed")
  endif()
endfunction()

expect_status(pass "the tree is clean")
file(WRITE ${SCRATCH}/src/relay/a.cpp "#include \"net/loop.h\"\n")
expect_status(fail "relay includes net")
file(WRITE ${SCRATCH}/src/relay/a.cpp "#include <boost/asio.hpp>\n")
expect_status(fail "relay includes Asio")
