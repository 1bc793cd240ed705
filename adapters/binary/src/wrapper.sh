
_rg_scope=${RESOURCE_GUARDS_SCOPE-}
_rg_stretch=-
_rg_verb=blocked
_rg_whose='this test'
_rg_narrowed=
# What declarations are matched with. Shells differ in how they match characters beyond ASCII, with their locales too, so an
# argument that has some is none here, as is one with characters that do not print or with the log's escape.
_rg_target=${1-}
case $_rg_target in
  *[!]' !"#$%&()*+,./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[^_`abcdefghijklmnopqrstuvwxyz{|}~'\'-]*) _rg_target= ;;
esac
if [ -z "$_rg_scope" ]; then
  :
elif [ -f "$_rg_scope/allow" ]; then
  {
    IFS= read -r _rg_stretch
    while IFS=' ' read -r _rg_name _rg_rest; do
      case $_rg_name in
        "$_rg_resource")
          _rg_narrowed=$_rg_rest
          # shellcheck disable=SC2254 # a glob on purpose
          case $_rg_target in ${_rg_rest:-*}) _rg_verb=used; break ;; esac ;;
        '*') _rg_verb=passed ;;
        --) _rg_whose=$_rg_rest ;;
      esac
    done
  } 2>/dev/null <"$_rg_scope/allow"
elif [ -d "$_rg_scope" ]; then
  # Nothing is allowed in the body of the test that nextest names.
  _rg_stretch=0
  _rg_whose=${NEXTEST_TEST_NAME:+test \`$NEXTEST_TEST_NAME\`}
  _rg_whose=${_rg_whose:-this test}
fi

if [ "$_rg_stretch" != - ]; then
  _rg_first=$_rg_target
  [ -n "$_rg_first" ] || _rg_first=${1:+?}
  _rg_cut=
  [ ${#_rg_target} -le 64 ] || _rg_cut=…
  _rg_start=$_rg_program${1+ }
  _rg_more=
  [ $# -lt 2 ] || _rg_more=' …'
  # Cut by printf: a parameter expansion that cuts takes seconds for an argument of 100 KB.
  if ! printf '%s\t%s\t%s\t\t%s\tPATH wrapper\t%.64s%s\t%s%.64s%s%s\n' \
    "$_rg_verb" "$_rg_stretch" "$$" "$_rg_resource" "$_rg_target" "$_rg_cut" \
    "$_rg_start" "$_rg_first" "$_rg_cut" "$_rg_more" \
    2>/dev/null >>"$_rg_scope/events"
  then
    # Emptying a file needs no space; the verdict looks at it.
    { : >"$_rg_scope/allow"; } 2>/dev/null
    printf 'RESOURCE GUARD: cannot record that %s used `%s` in %s/events\n' \
      "$_rg_whose" "$_rg_resource" "$_rg_scope" >&2
    exit 127
  fi
  if [ "$_rg_verb" = blocked ]; then
    printf 'RESOURCE GUARD: blocked `%s%.64s%s%s`: %s does not declare `%s`' \
      "$_rg_start" "$_rg_first" "$_rg_cut" "$_rg_more" "$_rg_whose" "$_rg_resource" >&2
    if [ -z "$_rg_narrowed" ]; then
      echo >&2
    elif [ -z "$_rg_target" ]; then
      echo ' without a target' >&2
    else
      printf ' at `%.64s%s`\n' "$_rg_target" "$_rg_cut" >&2
    fi
    exit 127
  fi
fi

# The first one on PATH that is no wrapper, of this session or of one around it.
_rg_real=
_rg_path=${PATH-/bin:/usr/bin}:
set -f
IFS=:
for _rg_dir in $_rg_path; do
  _rg_file=${_rg_dir:-.}/$_rg_program
  if [ -f "$_rg_file" ] && [ -x "$_rg_file" ] && ! [ -e "${_rg_dir:-.}/.resource-guards" ]; then
    _rg_real=$_rg_file
    break
  fi
done
if [ -z "$_rg_real" ]; then
  printf 'RESOURCE GUARD: `%s` is not installed\n' "$_rg_program" >&2
  exit 127
fi
