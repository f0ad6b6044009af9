using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Class;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.SignIn;

/// <summary>Coming in and going out. The forms are in <c>Join.razor</c>; passwords and the university are in <see cref="AccountEndpoints"/>.</summary>
internal static class ClassroomEndpoints
{
    private const string Cookie = CookieAuthenticationDefaults.AuthenticationScheme;

    public static void MapClassroom(this WebApplication app)
    {
        var door = app.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        // The token is checked in there: a stale page gets a sentence, not a bare error.
        door.MapPost(ClassroomServices.JoinPath, JoinAsync).RequireRateLimiting(ClassroomServices.JoinLimit).DisableAntiforgery();
        door.MapGet("/instructor", (string? token, HttpContext context, Members members, SignInLimits limits, KnownDevices devices) => EnterAsync(token, isHost: true, context, members, limits, devices))
            .RequireRateLimiting(ClassroomServices.JoinLimit);
        door.MapGet("/return", (string? token, HttpContext context, Members members, SignInLimits limits, KnownDevices devices) => EnterAsync(token, isHost: false, context, members, limits, devices))
            .RequireRateLimiting(ClassroomServices.JoinLimit);
        door.MapPost("/sign-out", LeaveAsync).DisableAntiforgery();
        app.MapClassDownloads();
    }

    private static async Task<IResult> JoinAsync(
        [FromForm] string? code, [FromForm] string? name, [FromForm] string? password, [FromForm] string? returnUrl,
        HttpContext context, IAntiforgery antiforgery, CourseStore courses, Members members, SignInWays ways, Passwords passwords, SignInLimits limits)
    {
        if (!ways.ByCode) return Results.NotFound();
        var next = Local(returnUrl);
        var chosen = ways.ByPassword && !string.IsNullOrEmpty(password) ? password : null;
        if (!await antiforgery.IsRequestValidAsync(context)) return Back(JoinText.Old);
        var (section, wait) = await limits.TryAsync([GuessSource.ClassCode(GuessAddress.Of(context))], () => courses.FindSectionAsync(code, context.RequestAborted), context.RequestAborted);
        if (section is null) return Back(JoinText.Waiting(JoinText.TooMany, wait) ?? JoinText.Code);
        if (JoinText.Closed(section.Course!, courses.Today) is { } closed) return Back(closed);
        if (Members.CheckedName(name) is not { } checkedName) return Back(JoinText.Name);
        if (chosen is not null && !await passwords.AcceptsAsync(chosen, context.RequestAborted)) return Back(JoinText.NewPassword);
        if (await members.TryJoinAsync(checkedName, section.Id, context.RequestAborted) is not var (member, token))
            return Back(await members.IsLookAlikeAsync(checkedName, context.RequestAborted) ? JoinText.Alike : JoinText.Taken);

        if (chosen is not null) await passwords.ChangeAsync(member.Id, null, chosen, context.RequestAborted);
        await SignInAsync(context, members, member.Id, token);
        return Results.LocalRedirect(next);

        IResult Back(string error) => Results.LocalRedirect(JoinText.Address(error, name, next));
    }

    private static async Task<IResult> EnterAsync(string? token, bool isHost, HttpContext context, Members members, SignInLimits limits, KnownDevices devices)
    {
        var aborted = context.RequestAborted;
        var (member, wait) = ClassKeys.IsMade(token)
            // Of 160 random bits, which nobody guesses: looked at whatever else came from this address.
            ? await FindAsync() is { } found ? (found, null) : (null, await limits.WrongAsync(GuessSource.Link(GuessAddress.Of(context)), aborted))
            : await limits.TryAsync([isHost && await DeviceOfHostAsync() is { } device ? GuessSource.LinkOn(device) : GuessSource.Link(GuessAddress.Of(context))], FindAsync, aborted);
        if (member is null) return Results.LocalRedirect(JoinText.Address(JoinText.Waiting(JoinText.TooMany, wait) ?? JoinText.Link));
        await SignInAsync(context, members, member.Id, isHost ? null : token);
        return Results.LocalRedirect("/");

        async Task<Member?> FindAsync() => await members.FindByTokenAsync(token, aborted) is { } owner && owner.IsHost == isHost ? owner : null;

        async Task<string?> DeviceOfHostAsync() => await members.HostIdAsync(aborted) is { } host ? devices.Of(context, host) : null;
    }

    private static async Task<IResult> LeaveAsync(HttpContext context, IAntiforgery antiforgery, SignInWays ways, Members members)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return Results.LocalRedirect(ClassroomServices.JoinPath);
        var byUniversity = ways.University is not null && context.User.CameByUniversity();
        // First at the server: the browser forgets its cookie, but somebody may have copied it.
        if (context.User.Ticket() is { } ticket) await members.EndSignInAsync(ticket, context.RequestAborted);
        await context.SignOutAsync(Cookie);
        return Results.LocalRedirect(byUniversity ? $"{ClassroomServices.JoinPath}?left=university" : ClassroomServices.JoinPath);
    }

    /// <summary>Gives the browser its cookie, for a term.</summary>
    /// <param name="returnToken">Of the member's return link, where it is known.</param>
    internal static async Task SignInAsync(HttpContext context, Members members, int memberId, string? returnToken = null, bool byUniversity = false)
    {
        if (await members.AdmitAsync(memberId, context.RequestAborted) is not { } admission) return;     // erased in this very moment
        await context.SignInAsync(Cookie, SignedIn.Principal(admission, Cookie, returnToken, byUniversity), new AuthenticationProperties { IsPersistent = true });
        context.RequestServices.GetRequiredService<KnownDevices>().Remember(context, memberId);
    }

    /// <summary>A link to the lab cannot be made to lead out of it.</summary>
    /// <returns>In the letters that a header can carry: whatever else was typed into the address is percent-encoded, as browsers do.</returns>
    internal static string Local(string? address)
    {
        if (address is not (['/'] or ['/', not ('/' or '\\'), ..]) || !InputText.IsLine(address, int.MaxValue)) return "/";

        var encoded = new StringBuilder(address.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var letter in address.EnumerateRunes())
        {
            if (letter.Value is > ' ' and < '\x7f' and not ('"' or '<' or '>' or '\\'))
            {
                encoded.Append((char)letter.Value);
                continue;
            }
            foreach (var part in bytes[..letter.EncodeToUtf8(bytes)]) encoded.Append(CultureInfo.InvariantCulture, $"%{part:X2}");
        }
        return encoded.ToString();
    }
}
