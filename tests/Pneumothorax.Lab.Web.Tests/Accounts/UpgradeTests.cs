using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Accounts;

public sealed class UpgradeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LabFromBeforeAccounts_KeepsItsMembersAndTheirLinks()
    {
        await using var portal = new TestPortal();
        var path = LabPaths.Resolve(portal.DataDirectory).Database;
        await using (var before = new LabDbContext(new DbContextOptionsBuilder<LabDbContext>().UseSqlite($"Data Source={path}").Options))
        {
            await before.GetService<IMigrator>().MigrateAsync("Handover", Token);
            var joined = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            foreach (var (name, role, token) in ((string, string, string)[])[("Instructor", "Instructor", TestPortal.InstructorToken), ("Old Student", "Student", "0123456789abcdef")])
            {
                var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
                await before.Database.ExecuteSqlAsync($"INSERT INTO Members (Name, Role, TokenHash, JoinedAt) VALUES ({name}, {role}, {hash}, {joined})", Token);
            }
        }

        using var instructor = portal.Browser();
        Assert.Equal("/", (await instructor.GetAsync($"/instructor?token={TestPortal.InstructorToken}", Token)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await instructor.GetAsync("/people", Token)).StatusCode);
        using var student = portal.Browser();
        Assert.Equal("/", (await student.GetAsync("/return?token=0123456789abcdef", Token)).Headers.Location?.OriginalString);
        Assert.Contains("Old Student", await student.GetStringAsync("/data", Token), StringComparison.Ordinal);

        var people = await portal.Services.GetRequiredService<People>().ListAsync(new(null, "Instructor", IsInstructor: true), Token);
        Assert.Equal([("Instructor", true), ("Old Student", false)], people.Select(person => (person.Name, person.Member.IsHost)));
    }
}
