# Installs what the pages are built with, if package-lock.json changed, builds them into OUT, and writes the two
# files that put them into the binary. Run by the build:
#
#   cmake -D WEB=web/ -D OUT=build/dev/src/web -D NPM=npm -D NODE=node -D EMBED=embed.mjs -P build_pages.cmake
#
# web/node_modules is shared by all build directories, so only one build at a time is in here.
cmake_minimum_required(VERSION 3.25)
file(LOCK ${WEB}/.lock GUARD PROCESS TIMEOUT 600 RESULT_VARIABLE locked)
if(NOT locked EQUAL 0)
  message(FATAL_ERROR "another build holds ${WEB}/.lock: ${locked}")
endif()

function(run what)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WEB} RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${what} failed (${status}): ${command}\n${text}")
  endif()
endfunction()

file(SHA256 ${WEB}/package-lock.json wanted)
set(stamp ${WEB}/node_modules/.installed-lock)
set(installed "")
if(EXISTS ${stamp})
  file(READ ${stamp} installed)
endif()
if(NOT installed STREQUAL wanted)
  message("web: npm ci")
  # No package of ours needs an install script; none gets to run one.
  run("installing the web packages" ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  file(WRITE ${stamp} ${wanted})
endif()

run("building the web pages" ${NODE} node_modules/vite/bin/vite.js build --logLevel warn --outDir ${OUT}/dist)
run("embedding the web pages" ${NODE} ${EMBED} ${OUT}/dist ${OUT})
