# cpack runs this when the packages are made. It puts scripts that call ldconfig into a package that has
# a library; Debian's packages ask for that by a trigger, and a postrm keeps a removed package listed.
find_program(DPKG_DEB dpkg-deb)
foreach(package IN LISTS CPACK_PACKAGE_FILES)
  if(NOT DPKG_DEB OR NOT package MATCHES "/vitrine_[^/]*\\.deb$")
    continue()
  endif()
  set(folder ${package}.unpacked)
  execute_process(COMMAND ${DPKG_DEB} -R ${package} ${folder} COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE ${folder}/DEBIAN/postinst ${folder}/DEBIAN/postrm)
  execute_process(COMMAND ${DPKG_DEB} --root-owner-group -Zgzip -b ${folder} ${package}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE ${folder})
endforeach()
