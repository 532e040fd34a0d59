# Completion in bash for vitrine, vitrine-producer and vitrine-consumer. There is no list of
# commands, options or values here that could fall behind: the programs are asked for --help, in
# English, whose quotation marks are known.

_vitrine() {
	local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]}
	local previous=${COMP_WORDS[COMP_CWORD - 1]} command=() help line argument= equals=
	COMPREPLY=()

	# bash cuts --option=value into three words.
	if [[ $current == '=' ]]; then
		current= equals='='
	elif [[ $previous == '=' ]]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]} equals='='
	fi

	if [[ ${program##*/} == vitrine ]]; then
		if ((COMP_CWORD == 1)); then
			help=$(LC_ALL=C "$program" --help 2>/dev/null | awk '$1 == "vitrine" { print $2 }')
			mapfile -t COMPREPLY < <(compgen -W "$help --help --version" -- "$current")
			return
		fi
		command=("${COMP_WORDS[1]}")
	fi
	help=$(LC_ALL=C ARGP_HELP_FMT=rmargin=4000 "$program" "${command[@]}" --help 2>/dev/null) || return

	# The option before may want an argument (one in brackets only after =): a folder, a file, or
	# one of the words that its help puts in quotes.
	if [[ $previous == -?* && $previous != -- ]]; then
		line=$(grep -m 1 -E "^ +(-., )?$previous([[ =,]|\$)" <<<"$help")
		if [[ $line =~ --[a-z0-9-]+(\[?)=([^ ]+) && (-z ${BASH_REMATCH[1]} || -n $equals) ]]; then
			argument=${BASH_REMATCH[2]}
		fi
	fi
	case $argument in
	'') ;;
	*FOLDER* | *DIR*)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -d -- "$current")
		return
		;;
	*FILE*)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	*)
		line=$(grep -oE '"[a-z0-9-]+"' <<<"$line" | tr -d '"')
		mapfile -t COMPREPLY < <(compgen -W "$line" -- "$current")
		return
		;;
	esac

	# An option, or what the first line of the help says: files, folders, one of the numbers that the
	# command lists, or nothing.
	if [[ $current == -* ]]; then
		line=$(grep -oE '^ +(-., )?--[a-z0-9-]+=?' <<<"$help" | grep -oE -e '--.*')
		mapfile -t COMPREPLY < <(compgen -W "$line" -- "$current")
		[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace
		return
	fi
	compopt -o filenames
	case ${help%%$'\n'*} in
	*FILE*) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
	*DIR*) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
	*NUMBER*)
		line=$("$program" "${command[@]}" | awk '$1 == "vitrine" { print $3 }')
		mapfile -t COMPREPLY < <(compgen -W "$line" -- "$current")
		;;
	esac
}

complete -F _vitrine vitrine vitrine-producer vitrine-consumer
