using Microsoft.AspNetCore.Components;
using MudBlazor;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.SignIn;

namespace Pneumothorax.Lab.Web.Admin;

/// <summary>Everybody of the lab, with role and ways in. A link that signs somebody in is shown once, in this page's memory alone.</summary>
public sealed partial class PeoplePage(
    People everybody, SignInWays ways, ViewerAccessor viewers, IDialogService dialogs, NavigationManager navigation, PublicAddress address, TimeProvider clock)
{
    private IReadOnlyList<Person>? _people;
    private Viewer? _viewer;
    private DateTimeOffset _now;
    private string? _refused;
    private (int Id, string Text, string? Link)? _noted;
    private string _name = "";
    private MemberRole _role = MemberRole.Assistant;

    [SupplyParameterFromQuery(Name = "search")]
    public string? Search { get; set; }

    private SignInWays Offered => ways;

    private List<Person> Shown => Search is not { Length: > 0 } part
        ? [.. _people!]
        : [.. _people!.Where(person => person.Name.Contains(part, StringComparison.OrdinalIgnoreCase) || person.Member.Role.Word().StartsWith(part, StringComparison.OrdinalIgnoreCase))];

    protected override async Task OnInitializedAsync()
    {
        _viewer = await viewers.GetAsync();
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        _now = clock.GetLocalNow();
        _people = await everybody.ListAsync(_viewer!, CancellationToken.None);
    }

    private void Find(string? part) =>
        navigation.NavigateTo(navigation.GetUriWithQueryParameter("search", string.IsNullOrWhiteSpace(part) ? null : part), replace: true);

    private Task AddAsync() => DoAsync(async () =>
    {
        var added = await everybody.AddAsync(_name, _role, _viewer!, CancellationToken.None);
        (_name, Search) = ("", null);
        Find(null);
        _noted = ways.ByPassword
            ? (added.Id, $"{added.Name} has been added. Send them this link to set a password. It works once and is valid for {Passwords.LinkLife.TotalDays} days.", await AbsoluteAsync(everybody.PasswordLinkAsync(added.Id, _viewer!, CancellationToken.None)))
            : (added.Id, $"{added.Name} has been added. Send them this link. Anyone who has it can sign in as {added.Name}.", await AbsoluteAsync(everybody.ReturnLinkAsync(added.Id, _viewer!, CancellationToken.None)));
    });

    private Task SetRoleAsync(Person person, string? role) => DoAsync(async () =>
    {
        if (!Enum.TryParse<MemberRole>(role, out var chosen) || chosen == person.Member.Role) return;
        // What a wrong click would give away is asked once more; what it takes can be given again.
        if (chosen == MemberRole.Instructor && !await ConfirmDialog.AskAsync(
            dialogs, $"Make {person.Name} an instructor?", "Instructors can see and change everything, erase students, and change roles.", "Make instructor", "Cancel"))
        {
            return;
        }
        await everybody.SetRoleAsync(person.Id, chosen, _viewer!, CancellationToken.None);
        _noted = (person.Id, $"{person.Name} is {(chosen == MemberRole.Student ? "a" : "an")} {chosen.Word()} now.", null);
    });

    private Task PasswordLinkAsync(Person person) => DoAsync(async () => _noted = (
        person.Id, $"Give this link only to {person.Name}. It sets a password, works once, and is valid for {Passwords.LinkLife.TotalDays} days.",
        await AbsoluteAsync(everybody.PasswordLinkAsync(person.Id, _viewer!, CancellationToken.None))));

    private Task ReturnLinkAsync(Person person) => DoAsync(async () =>
    {
        if (!await ConfirmDialog.AskAsync(dialogs, $"New return link for {person.Name}?", "The old link will stop working, and the person will be signed out everywhere.", "Create a new link", "Cancel")) return;
        _noted = (person.Id, $"Give this link only to {person.Name}. Anyone who has it can sign in as {person.Name}.", await AbsoluteAsync(everybody.ReturnLinkAsync(person.Id, _viewer!, CancellationToken.None)));
    });

    private Task EndSignInsAsync(Person person) => DoAsync(async () =>
    {
        var isMe = person.Id == _viewer!.MemberId;
        if (!await ConfirmDialog.AskAsync(
            dialogs, $"Sign out {person.Name} on all computers?", isMe ? "This includes this computer, so have your link at hand." : "Return link, password and tokens stay as they are. Nothing is lost.", "Sign out", "Cancel"))
        {
            return;
        }
        await everybody.EndSignInsAsync(person.Id, _viewer!, CancellationToken.None);
        _noted = (person.Id, $"{person.Name} has been signed out everywhere; open pages show this within half a minute.", null);
    });

    private Task UnlockAsync(Person person) => DoAsync(() => everybody.UnlockAsync(person.Id, _viewer!, CancellationToken.None));

    private async Task DoAsync(Func<Task> work)
    {
        (_refused, _noted) = (null, null);
        try { await work(); }
        catch (RequestRefusedException refusal) { _refused = refusal.Message; }
        await ReadAsync();
    }

    private async Task<string> AbsoluteAsync(Task<string> path) => address.Shown(await path, navigation);

    /// <returns>"Return link, password, My University, 2 tokens".</returns>
    private string Ways(Person person)
    {
        List<string> list = [person.Member.IsHost ? "The host's link" : "Return link"];
        if (person.HasPassword) list.Add("password");
        if (person.HasUniversity) list.Add(ways.University?.Name ?? "university");
        if (person.Tokens > 0) list.Add(DisplayText.Count(person.Tokens, "token"));
        return string.Join(", ", list);
    }
}
