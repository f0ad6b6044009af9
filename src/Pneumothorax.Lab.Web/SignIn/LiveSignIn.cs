using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.SignIn;

/// <summary>An open page is signed in as long as its cookie would be: it looks again every half minute.</summary>
internal sealed partial class LiveSignIn(ILoggerFactory loggers, Members members) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    private readonly ILogger _log = loggers.CreateLogger<LiveSignIn>();

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            return await authenticationState.User.StandingAsync(authenticationState.User.Ticket(), members, cancellationToken) is (Standing.Good, _);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A database that is away for a moment signs nobody out; the next look decides.
            LogNotChecked(exception);
            return true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "A sign-in could not be checked; it is checked again in half a minute.")]
    private partial void LogNotChecked(Exception exception);
}
