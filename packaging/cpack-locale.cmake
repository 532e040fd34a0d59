# cpack reads this before it packs. It cannot write the path of a build folder that is not ASCII under
# LANG=C, and asks for the locale when it opens an archive.
set(ENV{LC_ALL} C.UTF-8)
