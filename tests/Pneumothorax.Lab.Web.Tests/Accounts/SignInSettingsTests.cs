using Microsoft.Extensions.Configuration;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.SignIn;

namespace Pneumothorax.Lab.Web.Tests.Accounts;

public sealed class SignInSettingsTests
{
    private static SignInWays Read(string settings) => SignInWays.Read(new ConfigurationBuilder().AddInMemoryCollection(
        settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('=', 2)).ToDictionary(pair => $"Lab:{pair[0]}", string? (pair) => pair[1])).Build());

    [Fact]
    public void Unset_IsCodeAndPasswords()
    {
        Assert.Equal(new(true, true, null), Read(""));
    }

    [Theory]
    [InlineData("Passwords=maybe", "Lab__Passwords must be true or false, not \"maybe\".")]
    [InlineData("Passwords=false;JoinByCode=false", "nobody could sign in")]
    [InlineData("OpenIdConnect:ClientId=lab", "Lab__OpenIdConnect__Authority is missing")]
    [InlineData("OpenIdConnect:Authority=https://sso.example", "Lab__OpenIdConnect__ClientId is missing")]
    [InlineData("OpenIdConnect:Authority=http://sso.example;OpenIdConnect:ClientId=lab", "begins with https://, not \"http://sso.example\"")]
    [InlineData("OpenIdConnect:Authority=sso.example;OpenIdConnect:ClientId=lab", "begins with https://")]
    [InlineData("OpenIdConnect:Authority=https://sso.example;OpenIdConnect:ClientId=lab;OpenIdConnect:RoleClaim=groups", "must be set together with Lab__OpenIdConnect__InstructorValues")]
    public void Wrong_IsRefusedInOneLineThatNamesIt(string settings, string line)
    {
        var refusal = Assert.ThrowsAny<Exception>(() => Read(settings)).Message;

        Assert.Contains(line, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
    }

    [Fact]
    public void University_WithoutAName_IsCalledByItsHost()
    {
        var university = Read("OpenIdConnect:Authority=https://sso.uni.example/realms/main;OpenIdConnect:ClientId=lab;OpenIdConnect:Scopes=email groups").University!;

        Assert.Equal("sso.uni.example", university.Name);
        Assert.Equal(["email", "groups"], university.Scopes);
    }
}
