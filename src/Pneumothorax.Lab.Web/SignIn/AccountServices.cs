using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Web.SignIn;

internal static class AccountServices
{
    /// <returns>Which ways into the lab are on.</returns>
    public static SignInWays AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var ways = SignInWays.Read(builder.Configuration);
        services.AddSingleton(ways);
        services.AddIdentityCore<Account>(Passwords.Configure)
            .AddUserStore<UserOnlyStore<Account, LabDbContext, int>>()
            .AddTokenProvider<DataProtectorTokenProvider<Account>>(TokenOptions.DefaultProvider);
        services.RemoveAll<IUserValidator<Account>>();      // it checks user names; ours are the members'
        services.Configure<DataProtectionTokenProviderOptions>(tokens => tokens.TokenLifespan = Passwords.LinkLife);
        services.AddSingleton<AccountStore>();
        services.AddSingleton<SignInLimits>();
        services.AddSingleton<KnownDevices>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<OidcMembers>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<People>();
        return ways;
    }

    /// <summary>After the pages' own services, whose place it takes.</summary>
    public static void AddLiveSignIn(this WebApplicationBuilder builder) => builder.Services.AddScoped<AuthenticationStateProvider, LiveSignIn>();
}
