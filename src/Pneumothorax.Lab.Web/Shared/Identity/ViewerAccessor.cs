using Microsoft.AspNetCore.Components.Authorization;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Web.Shared.Identity;

/// <summary>Who looks at this page, for components; endpoints take a <see cref="SignedInViewer"/>.</summary>
public sealed class ViewerAccessor(AuthenticationStateProvider authentication)
{
    /// <exception cref="UnauthorizedAccessException">Nobody is signed in; pages that ask are closed to such a reader.</exception>
    public async Task<Viewer> GetAsync() =>
        (await authentication.GetAuthenticationStateAsync()).User.ToViewer()
        ?? throw new UnauthorizedAccessException("Sign in first.");

    /// <returns>The student's personal link, from the root of the site; null for the instructor.</returns>
    public async Task<string?> GetReturnPathAsync() =>
        (await authentication.GetAuthenticationStateAsync()).User.ReturnPath();
}

/// <summary>The viewer of an API request, as an endpoint's parameter.</summary>
/// <param name="DraftKey">See <see cref="SignedIn.DraftKey"/>.</param>
internal sealed record SignedInViewer(Viewer Viewer, string? DraftKey)
{
    public static ValueTask<SignedInViewer?> BindAsync(HttpContext context) =>
        ValueTask.FromResult(context.User.ToViewer() is { } viewer ? new SignedInViewer(viewer, context.User.DraftKey()) : null);
}
