#include "command.h"
int command_show(int argc, char **argv)
{
	(void)argc, (void)argv;
	return 1;
}
