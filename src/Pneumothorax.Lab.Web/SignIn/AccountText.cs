using Pneumothorax.Lab.Classroom.SignIn;

namespace Pneumothorax.Lab.Web.SignIn;

/// <summary>What became of a form on the account page: a word in the address, a sentence on the page.</summary>
internal static class AccountText
{
    public const string Old = JoinText.Old;
    public const string Current = "current";
    public const string NewPassword = "new-password";
    public const string Locked = "locked";

    public const string PasswordSet = "password";
    public const string LinkMade = "link";
    public const string OthersEnded = "others";
    public const string Connected = "connected";

    /// <returns>Null for a word that is none of these.</returns>
    public static string? Error(string? word) => word switch
    {
        Current => "That is not your current password, so it has not been changed.",
        NewPassword => $"A password must have {Passwords.LeastLength} to {Passwords.MostLength} characters, at least 4 of them different.",
        Locked => "Too many wrong passwords. Wait a few minutes, then try again, or ask your instructor for a link to set a new one.",
        Old or JoinText.UniversityAway or JoinText.UniversityRefused or JoinText.UniversityFault or JoinText.UniversityTaken => JoinText.Sentence(word),
        _ => null,
    };

    /// <inheritdoc cref="Error"/>
    public static string? Done(string? word) => word switch
    {
        PasswordSet => "Your password is set. You can sign in with it and your name on any computer; other computers have been signed out.",
        LinkMade => "You have a new return link, which is also in the menu under your name. The old link no longer works, and other computers have been signed out.",
        OthersEnded => "All other computers have been signed out.",
        Connected => "Connected. From now on you can sign in with your university account.",
        _ => null,
    };
}
