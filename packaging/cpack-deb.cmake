# cpack runs this when the packages are made. It gives vitrine's package what cpack does badly:
# - ${shlibs:Depends}: cpack starts two programs for each installed file to find those with libraries,
#   which takes longer than all the rest;
# - no scripts that call ldconfig: Debian's packages ask for that by a trigger, and a postrm keeps
#   a removed package listed.
find_program(DPKG_DEB dpkg-deb REQUIRED)
find_program(DPKG_SHLIBDEPS dpkg-shlibdeps REQUIRED)
foreach(package IN LISTS CPACK_PACKAGE_FILES)
  if(NOT package MATCHES "/vitrine_[^/]*\\.deb$")
    continue()
  endif()
  set(work ${package}.work)
  set(folder ${work}/unpacked)
  file(MAKE_DIRECTORY ${work}/debian)
  execute_process(COMMAND ${DPKG_DEB} -R ${package} ${folder} COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE ${folder}/DEBIAN/postinst ${folder}/DEBIAN/postrm)

  file(GLOB_RECURSE files ${folder}/usr/bin/* ${folder}/usr/lib/* ${folder}/usr/libexec/*)
  set(linked "")
  foreach(file IN LISTS files)
    file(READ ${file} start LIMIT 4 HEX)
    if(start STREQUAL 7f454c46) # ELF
      list(APPEND linked ${file})
    endif()
  endforeach()
  file(TOUCH ${work}/debian/control) # dpkg-shlibdeps wants one
  execute_process(COMMAND ${DPKG_SHLIBDEPS} --ignore-missing-info -O ${linked} WORKING_DIRECTORY ${work}
    OUTPUT_VARIABLE said OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX REPLACE "^.*Depends=" "" depends "${said}")
  file(READ ${folder}/DEBIAN/control control)
  string(REPLACE "\${shlibs:Depends}" "${depends}" control "${control}")
  file(WRITE ${folder}/DEBIAN/control "${control}")

  execute_process(COMMAND ${DPKG_DEB} --root-owner-group -Zgzip -b ${folder} ${package}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE ${work})
endforeach()
