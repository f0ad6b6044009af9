using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.Progress;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.SignIn;

/// <summary>
/// What changes a sign-in and therefore needs a plain request with a cookie in its answer; the rest of an account is on its page. A form that is
/// too old gets a sentence, not a bare error, so antiforgery is checked in here.
/// </summary>
internal static class AccountEndpoints
{
    public const string AccountPath = "/account";
    public const string PasswordPath = Passwords.LinkPath;
    public const string WorkPath = "/account/work.zip";

    public static void MapAccounts(this WebApplication app)
    {
        var door = app.MapGroup("").AllowAnonymous().ExcludeFromDescription().DisableAntiforgery().RequireRateLimiting(ClassroomServices.JoinLimit);
        door.MapPost("/sign-in", SignInAsync);
        door.MapPost("/sign-in/university", UniversityAsync);
        door.MapPost("/sign-out/university", LeaveUniversityAsync);
        door.MapPost(PasswordPath, SetPasswordAsync);

        var own = app.MapGroup(AccountPath).ExcludeFromDescription().DisableAntiforgery();
        own.MapPost("/password", ChangePasswordAsync).RequireRateLimiting(ClassroomServices.JoinLimit);
        own.MapPost("/return-link", NewReturnLinkAsync);
        own.MapPost("/sign-ins", EndOthersAsync);
        own.MapPost("/university", ConnectAsync);
        own.MapGet("/work.zip", WorkAsync);
    }

    private static async Task<IResult> SignInAsync(
        [FromForm] string? name, [FromForm] string? password, [FromForm] string? returnUrl,
        HttpContext context, IAntiforgery antiforgery, SignInWays ways, Passwords passwords, KnownDevices devices, Members members)
    {
        if (!ways.ByPassword) return Results.NotFound();
        var next = ClassroomEndpoints.Local(returnUrl);
        if (!await antiforgery.IsRequestValidAsync(context)) return Back(JoinText.Old);
        if (Members.CheckedName(name) is not { } checkedName || string.IsNullOrEmpty(password)) return Back(JoinText.Password);

        var (check, member, wait) = await passwords.CheckAsync(checkedName, password, GuessAddress.PasswordSourceOf(context, devices), context.RequestAborted);
        if (check != PasswordCheck.Right) return Back(check == PasswordCheck.MustWait ? JoinText.Waiting(JoinText.Locked, wait)! : JoinText.Password);
        await ClassroomEndpoints.SignInAsync(context, members, member!.Value);
        return Results.LocalRedirect(next);

        IResult Back(string error) => Results.LocalRedirect(JoinText.Address(error, name, next));
    }

    private static async Task<IResult> UniversityAsync(
        [FromForm] string? code, [FromForm] string? returnUrl, HttpContext context, IAntiforgery antiforgery, SignInWays ways, CourseStore courses, SignInLimits limits)
    {
        if (ways.University is not { } university) return Results.NotFound();
        var next = ClassroomEndpoints.Local(returnUrl);
        if (!await antiforgery.IsRequestValidAsync(context)) return Back(JoinText.Old);
        if (string.IsNullOrWhiteSpace(code)) return await OidcSignIn.BeginAsync(context, next, mayJoin: !university.NeedsClassCode);

        var (section, wait) = await limits.TryAsync([GuessSource.ClassCode(GuessAddress.Of(context))], () => courses.FindSectionAsync(code, context.RequestAborted), context.RequestAborted);
        if (section is null) return Back(JoinText.Waiting(JoinText.TooMany, wait) ?? JoinText.Code);
        if (JoinText.Closed(section.Course!, courses.Today) is { } closed) return Back(closed);
        return await OidcSignIn.BeginAsync(context, next, mayJoin: true, section.Id);

        IResult Back(string error) => Results.LocalRedirect(JoinText.Address(error, returnUrl: next));
    }

    private static async Task<IResult> LeaveUniversityAsync(HttpContext context, IAntiforgery antiforgery, SignInWays ways) =>
        ways.University is null ? Results.NotFound()
        : await antiforgery.IsRequestValidAsync(context) ? await OidcSignIn.EndAsync(context)
        : Results.LocalRedirect(JoinText.Address(JoinText.Old));

    /// <summary>By the one-time link of <see cref="Passwords.LinkAsync"/>.</summary>
    private static async Task<IResult> SetPasswordAsync(
        [FromForm] int member, [FromForm] string? token, [FromForm] string? password,
        HttpContext context, IAntiforgery antiforgery, SignInWays ways, Passwords passwords, Members members)
    {
        if (!ways.ByPassword) return Results.NotFound();
        if (!await antiforgery.IsRequestValidAsync(context)) return Back(JoinText.Old);
        try
        {
            if (!await passwords.SetByLinkAsync(member, token, password ?? "", context.RequestAborted)) return Results.LocalRedirect(JoinText.Address(JoinText.PasswordLink));
        }
        catch (RequestRefusedException)
        {
            return Back(JoinText.NewPassword);
        }
        await ClassroomEndpoints.SignInAsync(context, members, member);
        return Results.LocalRedirect("/");

        IResult Back(string error) => Results.LocalRedirect(FormattableString.Invariant($"{PasswordPath}?member={member}&token={Uri.EscapeDataString(token ?? "")}&error={error}"));
    }

    private static async Task<IResult> ChangePasswordAsync(
        [FromForm] string? current, [FromForm] string? password,
        SignedInViewer by, HttpContext context, IAntiforgery antiforgery, SignInWays ways, Passwords passwords, Members members)
    {
        if (!ways.ByPassword || by.Viewer.MemberId is not { } id) return Results.NotFound();
        if (!await antiforgery.IsRequestValidAsync(context)) return Back(AccountText.Old);
        try
        {
            var check = await passwords.ChangeAsync(id, current, password ?? "", context.RequestAborted);
            if (check != PasswordCheck.Right) return Back(check == PasswordCheck.MustWait ? AccountText.Locked : AccountText.Current);
        }
        catch (RequestRefusedException)
        {
            return Back(AccountText.NewPassword);
        }
        await StayAsync(context, members, id, context.User.ReturnToken());
        return Results.LocalRedirect($"{AccountPath}?done={AccountText.PasswordSet}");
    }

    private static async Task<IResult> NewReturnLinkAsync(SignedInViewer by, HttpContext context, IAntiforgery antiforgery, Members members)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return Back(AccountText.Old);
        try
        {
            await StayAsync(context, members, by.Viewer.MemberId!.Value, await members.NewReturnTokenAsync(by.Viewer.MemberId!.Value, context.RequestAborted));
            return Results.LocalRedirect($"{AccountPath}?done={AccountText.LinkMade}");
        }
        catch (RequestRefusedException)
        {
            return Results.NotFound();
        }
    }

    private static async Task<IResult> EndOthersAsync(SignedInViewer by, HttpContext context, IAntiforgery antiforgery, Passwords passwords, Members members)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return Back(AccountText.Old);
        await passwords.EndSignInsAsync(by.Viewer.MemberId!.Value, context.RequestAborted);
        await StayAsync(context, members, by.Viewer.MemberId!.Value, context.User.ReturnToken());
        return Results.LocalRedirect($"{AccountPath}?done={AccountText.OthersEnded}");
    }

    private static async Task<IResult> ConnectAsync(SignedInViewer by, HttpContext context, IAntiforgery antiforgery, SignInWays ways)
    {
        if (ways.University is null) return Results.NotFound();
        if (!await antiforgery.IsRequestValidAsync(context)) return Back(AccountText.Old);
        return await OidcSignIn.BeginAsync(context, $"{AccountPath}?done={AccountText.Connected}", mayJoin: false, connect: by.Viewer.MemberId);
    }

    /// <summary>One's own work, in the same form in which the instructor can export a student.</summary>
    private static async Task<IResult> WorkAsync(SignedInViewer by, ClassReader reader, StudentArchive archive, CancellationToken cancellationToken) =>
        by.Viewer.MemberId is { } id && await reader.ReadOneAsync(id, cancellationToken) is { } work
            ? Results.Stream(stream => archive.WriteAsync(work, withImages: true, stream, cancellationToken), "application/zip", "my-work.zip")
            : Results.NotFound();

    /// <summary>This computer stays signed in while the others are signed out.</summary>
    private static Task StayAsync(HttpContext context, Members members, int memberId, string? returnToken) =>
        ClassroomEndpoints.SignInAsync(context, members, memberId, returnToken, context.User.CameByUniversity());

    private static IResult Back(string error) => Results.LocalRedirect($"{AccountPath}?error={error}");
}
