using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Courses;

namespace Pneumothorax.Lab.Web.Classroom;

/// <summary>Coming in and going out. The form is <c>Join.razor</c>.</summary>
internal static class ClassroomEndpoints
{
    private const string Cookie = CookieAuthenticationDefaults.AuthenticationScheme;

    public static void MapClassroom(this WebApplication app)
    {
        var door = app.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        // The token is checked in there: a stale page gets a sentence, not a bare error.
        door.MapPost(ClassroomServices.JoinPath, JoinAsync).RequireRateLimiting(ClassroomServices.JoinLimit).DisableAntiforgery();
        door.MapGet("/instructor", (string? token, HttpContext context, Members members) => EnterAsync(token, MemberRole.Instructor, context, members))
            .RequireRateLimiting(ClassroomServices.JoinLimit);
        door.MapGet("/return", (string? token, HttpContext context, Members members) => EnterAsync(token, MemberRole.Student, context, members))
            .RequireRateLimiting(ClassroomServices.JoinLimit);
        door.MapPost("/sign-out", LeaveAsync).DisableAntiforgery();
        app.MapClassDownloads();
    }

    private static async Task<IResult> JoinAsync(
        [FromForm] string? code, [FromForm] string? name, [FromForm] string? returnUrl,
        HttpContext context, IAntiforgery antiforgery, CourseStore courses, Members members)
    {
        var next = Local(returnUrl);
        if (!await antiforgery.IsRequestValidAsync(context)) return Back(JoinErrors.Old);
        if (await courses.FindSectionAsync(code, context.RequestAborted) is not { } section) return Back(JoinErrors.Code);
        if (JoinErrors.Closed(section.Course!, courses.Today) is { } closed) return Back(closed);
        if (Members.CheckedName(name) is not { } checkedName) return Back(JoinErrors.Name);
        if (await members.TryJoinAsync(checkedName, section.Id, context.RequestAborted) is not var (member, token)) return Back(JoinErrors.Taken);

        await SignInAsync(context, member, token);
        return Results.LocalRedirect(next);

        IResult Back(string error) => Results.LocalRedirect(JoinErrors.Address(error, name, next));
    }

    private static async Task<IResult> EnterAsync(string? token, MemberRole role, HttpContext context, Members members)
    {
        if (await members.FindByTokenAsync(token, context.RequestAborted) is not { } member || member.Role != role)
        {
            return Results.LocalRedirect(JoinErrors.Address(JoinErrors.Link));
        }
        await SignInAsync(context, member, role == MemberRole.Student ? token : null);
        return Results.LocalRedirect("/");
    }

    private static async Task<IResult> LeaveAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (await antiforgery.IsRequestValidAsync(context)) await context.SignOutAsync(Cookie);
        return Results.LocalRedirect(ClassroomServices.JoinPath);
    }

    private static Task SignInAsync(HttpContext context, Member member, string? returnToken) =>
        context.SignInAsync(Cookie, SignedIn.Principal(member, Cookie, returnToken), new AuthenticationProperties { IsPersistent = true });

    /// <summary>A link to the lab cannot be made to lead out of it.</summary>
    internal static string Local(string? address) =>
        address is ['/'] or ['/', not ('/' or '\\'), ..] && !address.Any(char.IsControl) ? address : "/";
}
