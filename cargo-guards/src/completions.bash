
# `cargo guards …`: what follows `guards` is completed as if it followed `cargo-guards`, all else as before.
_cargo_with_guards() {
    local at=1
    [[ ${COMP_WORDS[1]-} == +* ]] && at=2
    if [[ ${COMP_WORDS[at]-} == guards && $COMP_CWORD -gt $at ]]; then
        COMP_WORDS=(cargo-guards "${COMP_WORDS[@]:at+1}")
        COMP_CWORD=$((COMP_CWORD - at))
        _cargo_guards cargo-guards "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        return
    fi
    COMPREPLY=()
    [[ -n ${_cargo_without_guards-} ]] && "$_cargo_without_guards" "$@"
    if [[ $COMP_CWORD -eq $at && guards == "$2"* && " ${COMPREPLY[*]-} " != *" guards "* ]]; then
        COMPREPLY+=(guards)
    fi
}
if [[ $(complete -p cargo 2>/dev/null) =~ ' -F '([^ ]+) && ${BASH_REMATCH[1]} != _cargo_with_guards ]]; then
    _cargo_without_guards=${BASH_REMATCH[1]}
fi
complete -F _cargo_with_guards -o bashdefault -o default cargo
