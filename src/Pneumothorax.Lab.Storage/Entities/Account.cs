using Microsoft.AspNetCore.Identity;

namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>
/// How a member signs in besides their return link: what ASP.NET Core Identity keeps of them (password hash, lock-out, security stamp). It has the
/// member's id, and stands apart from <see cref="Member"/> so that nothing which reads members ever has a password hash in its hands. The name
/// to sign in with is the member's own: it is unique in the class already.
/// </summary>
public sealed class Account : IdentityUser<int>;
